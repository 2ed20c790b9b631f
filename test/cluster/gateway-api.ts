// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce, cacheRoot } from './cache.ts';
import { run } from './shell.ts';

/** The Gateway API that Traefik is built with: its go.mod names the version, its go.sum the content. */
const moduleDir = join(import.meta.dirname, 'parts/traefik');
const modulePath = 'sigs.k8s.io/gateway-api';

/** The version of the Gateway API that the test cluster serves, such as `v1.6.1`. */
export function gatewayApiVersion(goMod: string = readFileSync(join(moduleDir, 'go.mod'), 'utf8')): string {
  const version = new RegExp(`^\\s*${modulePath} (v\\S+)`, 'm').exec(goMod)?.[1];
  if (version === undefined) {
    throw new Error(`${join(moduleDir, 'go.mod')} does not require ${modulePath}`);
  }
  return version;
}

/** A folder with the CRDs of the standard channel, fetched once on this machine as Go modules are. */
export function gatewayApiCrds(): Promise<string> {
  return buildOnce(join(cacheRoot(), 'parts', `gateway-api-${gatewayApiVersion()}`), async (folder) => {
    const { Dir } = JSON.parse(
      await run('go', ['mod', 'download', '-json', modulePath], { cwd: moduleDir }),
    ) as { Dir: string };
    const channel = join(Dir, 'config/crd/standard');
    const files = readdirSync(channel).filter((file) => isCrd(join(channel, file)));
    if (files.length === 0) {
      throw new Error(`${channel} holds no CRD`);
    }
    mkdirSync(folder, { recursive: true });
    for (const file of files) {
      copyFileSync(join(channel, file), join(folder, file));
    }
  });
}

/** The channel also has an admission policy against downgrades. */
function isCrd(path: string): boolean {
  return path.endsWith('.yaml') && readFileSync(path, 'utf8').includes('\nkind: CustomResourceDefinition\n');
}

/** Runs kubectl with these arguments as the administrator of a cluster. */
export type Kubectl = (args: readonly string[]) => Promise<unknown>;

/** Installs the CRDs of the Gateway API, or does nothing where they are; resolves when they are served. */
export async function installGatewayApi(kubectl: Kubectl): Promise<void> {
  const folder = await gatewayApiCrds();
  await kubectl(['apply', '--server-side', `--filename=${folder}`]);
  await kubectl(['wait', '--for=condition=Established', '--timeout=60s', `--filename=${folder}`]);
}

/** Removes the CRDs, and with them every object of their kinds; resolves when they are gone. */
export async function removeGatewayApi(kubectl: Kubectl): Promise<void> {
  await kubectl(['delete', '--ignore-not-found', '--timeout=60s', `--filename=${await gatewayApiCrds()}`]);
}
