// SPDX-License-Identifier: Apache-2.0
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildOnce, cacheKey, cacheRoot } from '../cluster/cache.ts';
import { buildImage } from '../cluster/image.ts';
import { run } from '../cluster/shell.ts';

type App = 'demo' | 'load';

export interface DemoImage {
  /** What a pod names, with `imagePullPolicy: Never`. */
  reference: string;
  /** A docker-archive with that reference in it, for the cluster's `loadImage`. */
  tarPath: string;
}

interface Build {
  hash: string;
  /** Holds the binary and nothing else. */
  folder: string;
}

interface GoTarget {
  GOOS: string;
  GOARCH: string;
}

const sources = import.meta.dirname;
const linkerFlags = '-s -w -buildid=';
const goArchitectures: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };

/** The path of the demo app, a static Linux binary; built when the user's cache has none of these sources. */
export async function demoBinary(): Promise<string> {
  const { folder } = await build('demo');
  return join(folder, 'demo');
}

/** The path of the load generator, a static binary for this machine; built as `demoBinary` is. */
export async function loadBinary(): Promise<string> {
  const { folder } = await build('load');
  return join(folder, 'load');
}

/** The image of the demo app, `localhost/headway-demo:<hash of its sources>`; built as `demoBinary` is. */
export async function demoImage(): Promise<DemoImage> {
  const { hash, folder } = await build('demo');
  const reference = `localhost/headway-demo:${hash}`;
  const tarPath = await buildImage({
    tag: reference,
    contextDir: folder,
    entrypoint: ['/demo'],
    ports: [8080, 8081],
  });
  return { reference, tarPath };
}

/** What decides a build: the app's sources without its tests, the module, the Go version, the target. */
export async function sourceHash(app: App, folder: string, toolchain: readonly string[]): Promise<string> {
  const names = (await readdir(join(folder, app))).filter(
    (name) => name.endsWith('.go') && !name.endsWith('_test.go'),
  );
  const inputs: (string | Buffer)[] = [...toolchain, await readFile(join(folder, 'go.mod'))];
  for (const name of names.toSorted()) {
    inputs.push(name, await readFile(join(folder, app, name)));
  }
  return cacheKey(inputs);
}

async function build(app: App): Promise<Build> {
  const target = goTarget(app);
  const version = await run('go', ['env', 'GOVERSION'], { cwd: sources });
  const hash = await sourceHash(app, sources, [version.trim(), target.GOOS, target.GOARCH, linkerFlags]);
  const folder = await buildOnce(join(cacheRoot(), 'apps', hash, 'bin'), async (temporary) => {
    await mkdir(temporary);
    const env = { ...process.env, ...target, CGO_ENABLED: '0', GOWORK: 'off' };
    const flags = ['-trimpath', '-buildvcs=false', '-ldflags', linkerFlags];
    await run('go', ['build', ...flags, '-o', join(temporary, app), `./${app}`], { cwd: sources, env });
  });
  return { hash, folder };
}

/** The demo app runs in pods, always on Linux; the load generator where the tests run. */
function goTarget(app: App): GoTarget {
  const GOARCH = goArchitectures[process.arch];
  if (GOARCH === undefined) {
    throw new Error(`no Go architecture is known for ${process.arch}`);
  }
  return { GOOS: app === 'demo' ? 'linux' : process.platform, GOARCH };
}
