// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = path.resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'headway-bundle-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function bundle(source: string) {
  const entry = path.join(folder, 'entry.ts');
  const outfile = path.join(folder, 'dist/out.mjs');
  writeFileSync(entry, source);
  const args = [path.join(ROOT, 'scripts/bundle.ts'), '--entry', entry, '--outfile', outfile];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: ROOT,
    env: bareEnv(),
  });
  return { outfile, status, stdout, stderr };
}

/** Without the NODE_OPTIONS of jest. */
function bareEnv(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return env;
}

const importOf = (file: string) => JSON.stringify(path.join(ROOT, file));

describe('scripts/bundle.ts', () => {
  it('makes one file that runs anywhere, with the version and CommonJS packages inside', () => {
    const { outfile, status, stdout } = bundle(`
      import { createMetrics } from ${importOf('operator/telemetry/metrics.ts')};
      import { version } from ${importOf('operator/version.ts')};
      const text: string = await createMetrics({ version }).render();
      console.log(version, text.includes('headway_build_info{version="${version}"'));
    `);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^headway \S+: \S+out\.mjs, \d+ kB, \d+ ms\nmost of it: [^\n]*prom-client \d+ kB/);
    const output = execFileSync(process.execPath, [outfile], { encoding: 'utf8', cwd: '/', env: bareEnv() });
    expect(output).toBe(`${version} true\n`);
    expect(readdirSync(path.dirname(outfile)).toSorted()).toEqual(
      expect.arrayContaining(['out.mjs', 'out.mjs.LICENSES.txt', 'out.mjs.map']),
    );
    expect(readFileSync(`${outfile}.LICENSES.txt`, 'utf8')).toMatch(/^prom-client@\S+ {2}\(Apache-2\.0\)$/m);
  });

  it('leaves out the models of a client library that is used for its configuration only', () => {
    const config = path.join(folder, 'kubeconfig.json');
    const named = { name: 'a', cluster: { server: 'https://c' }, user: { token: 't' } };
    const context = { name: 'a', context: { cluster: 'a', user: 'a' } };
    writeFileSync(
      config,
      JSON.stringify({ clusters: [named], users: [named], contexts: [context], 'current-context': 'a' }),
    );
    const { outfile, status } = bundle(`
      import { loadCredentials } from ${importOf('operator/kube/credentials.ts')};
      const credentials = loadCredentials({ kind: 'file', path: ${JSON.stringify(config)} });
      const { headers } = await credentials.current();
      console.log(credentials.origin, JSON.stringify(headers));
    `);
    expect(status).toBe(0);
    expect(readFileSync(outfile, 'utf8')).not.toContain('V1PodSpec');
    const output = execFileSync(process.execPath, [outfile], { encoding: 'utf8', cwd: '/', env: bareEnv() });
    expect(output).toMatch(/^https:\/\/c \{"authorization":"Bearer t"\}\n$/i);
  });

  it('leaves out all languages of zod but English, and runs by itself with its settings', () => {
    const { outfile, status } = bundle(`
      import { loadConfig } from ${importOf('operator/config.ts')};
      const loaded = loadConfig({ argv: ['--workers=0', '--leader-election=false'], env: {}, readFile: String });
      console.log(JSON.stringify([loaded, process.env['MALLOC_ARENA_MAX'], process.execArgv]));
    `);
    expect(status).toBe(0);
    expect(readFileSync(outfile, 'utf8')).not.toContain('ltige Eingabe');
    const PATH = `${path.dirname(process.execPath)}:${process.env['PATH']}`;
    const output = execFileSync(outfile, { encoding: 'utf8', cwd: '/', env: { ...bareEnv(), PATH } });
    expect(JSON.parse(output)).toEqual([
      { kind: 'invalid', errors: ['--workers: "0" must be a whole number from 1 to 64'] },
      '1',
      ['--max-semi-space-size=1', '--optimize-for-size', '--no-maglev'],
    ]);
  });

  it('fails on packages that may not be shipped, and names all of them', () => {
    const packages = {
      copyleft: { version: '1.0.0', license: 'GPL-3.0-only' },
      silent: { version: '2.0.0' },
      textless: { version: '3.0.0', license: 'MIT' },
    };
    for (const [name, manifest] of Object.entries(packages)) {
      const dir = path.join(folder, 'node_modules', name);
      mkdirSync(dir, { recursive: true });
      writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ name, ...manifest }));
      writeFileSync(path.join(dir, 'index.js'), `export const name = '${name}';`);
    }
    const names = Object.keys(packages);
    const { status, stderr } = bundle(
      `${names.map((name) => `import * as ${name} from '${name}';`).join('')} console.log(${names.join()});`,
    );
    expect(status).not.toBe(0);
    expect(stderr).toContain('copyleft@1.0.0 is under GPL-3.0-only; allowed: Apache-2.0,');
    expect(stderr).toContain('silent@2.0.0 says no licence in its package.json');
    expect(stderr).toContain('textless@3.0.0 is under MIT and brings no text of it');
  });

  it('makes the plugin as one file without an extension, its licences beside it, which runs wherever it lies', () => {
    const outfile = path.join(folder, 'plugin/kubectl-headway');
    const args = [path.join(ROOT, 'scripts/bundle.ts'), '--product', 'plugin', '--outfile', outfile];
    const { status, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      cwd: ROOT,
      env: bareEnv(),
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(path.dirname(outfile))).toEqual(['kubectl-headway', 'kubectl-headway.LICENSES.txt']);
    const PATH = `${path.dirname(process.execPath)}:${process.env['PATH']}`;
    const ran = spawnSync(outfile, ['version', '--client'], {
      encoding: 'utf8',
      cwd: '/',
      env: { ...bareEnv(), PATH },
    });
    expect(ran).toMatchObject({ status: 0, stdout: `plugin    ${version}\n`, stderr: '' });
  });

  it('knows two products', () => {
    const args = [path.join(ROOT, 'scripts/bundle.ts'), '--product', 'chart'];
    const { status, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      cwd: ROOT,
      env: bareEnv(),
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain('--product: must be operator or plugin, not chart');
  });

  it('fails, and says where, on what cannot be bundled', () => {
    const { status, stderr } = bundle(`import { gone } from './gone.ts'; console.log(gone);`);
    expect(status).not.toBe(0);
    expect(stderr).toContain('Could not resolve "./gone.ts"');
  });
});
