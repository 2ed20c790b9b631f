// SPDX-License-Identifier: Apache-2.0
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPools } from './agents.ts';
import { type Credentials, loadCredentials } from './credentials.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headway-credentials-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function credentials(user: object, cluster: object = {}): Promise<Credentials> {
  const path = join(folder, 'config');
  const server = 'https://api.example.com:6443';
  const config = {
    clusters: [{ name: 'c', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  await writeFile(path, JSON.stringify(config));
  return loadCredentials({ kind: 'file', path });
}

describe('where the server is', () => {
  it.each([
    ['https://api:6443', 'https://api:6443', ''],
    ['https://api:6443/', 'https://api:6443', ''],
    ['https://rancher/k8s/clusters/a/', 'https://rancher', '/k8s/clusters/a'],
  ])('%s', async (server, origin, basePath) => {
    expect(await credentials({}, { server })).toMatchObject({ origin, basePath, proxyUrl: undefined });
  });

  it('keeps an HTTP proxy and refuses any other', async () => {
    expect((await credentials({}, { 'proxy-url': 'http://proxy:3128' })).proxyUrl).toBe('http://proxy:3128');
    await expect(credentials({}, { 'proxy-url': 'socks5://proxy:1080' })).rejects.toThrow(
      'proxy-url socks5://proxy:1080 is not supported; use an http or https proxy',
    );
  });
});

describe('who we are', () => {
  it.each([
    ['a token', { token: 'secret' }, { Authorization: 'Bearer secret' }],
    ['a password', { username: 'ann', password: 'pw' }, { Authorization: 'Basic YW5uOnB3' }],
    ['nobody', {}, {}],
  ])('%s', async (_, user, headers) => {
    expect((await (await credentials(user)).current()).headers).toEqual(headers);
  });

  it('carries certificates, from data and from files', async () => {
    const data = (text: string) => Buffer.from(text).toString('base64');
    await writeFile(join(folder, 'ca.crt'), 'CA');
    const user = { 'client-certificate-data': data('CERT'), 'client-key-data': data('KEY') };

    const { tls } = await (
      await credentials(user, { 'certificate-authority': 'ca.crt', 'tls-server-name': 'kubernetes' })
    ).current();

    expect({ ca: String(tls.ca), cert: String(tls.cert), key: String(tls.key) }).toEqual({
      ca: 'CA',
      cert: 'CERT',
      key: 'KEY',
    });
    expect(tls.servername).toBe('kubernetes');
    expect(tls.rejectUnauthorized).toBeUndefined();
  });
});

describe('an exec plugin', () => {
  const plugin = `
    const [, count] = process.argv;
    require('node:fs').appendFileSync(count, '.');
    const status = { token: 't', expirationTimestamp: '2020-01-01T00:00:00Z' };
    console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status }));
  `;

  async function pluginUser(): Promise<{ user: object; runs: () => Promise<number> }> {
    const count = join(folder, 'count');
    await appendFile(count, '');
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'node',
      args: ['-e', plugin, count],
    };
    return { user: { exec }, runs: async () => (await readFile(count, 'utf8')).length };
  }

  it('is not run for every call, and again once its answer was not accepted', async () => {
    const { user, runs } = await pluginUser();
    const known = await credentials(user);

    await Promise.all([known.current(), known.current()]);
    await known.current();
    expect(await runs()).toBe(1);

    known.forget();
    expect((await known.current()).headers).toEqual({ Authorization: 'Bearer t' });
    expect(await runs()).toBe(2);
  });

  it('that fails is run again at the next call', async () => {
    const marker = join(folder, 'ready');
    const script = `if (!require('node:fs').existsSync(process.argv[1])) throw new Error('not yet');
      console.log('{"status":{"token":"t"}}')`;
    const known = await credentials({ exec: { command: 'node', args: ['-e', script, marker] } });
    await expect(known.current()).rejects.toThrow('not yet');

    await writeFile(marker, '');

    expect((await known.current()).headers).toEqual({ Authorization: 'Bearer t' });
  });
});

describe('the pools', () => {
  it('are kept while the certificates are the same, and made anew when they change', async () => {
    const known = await credentials({ token: 'a' });
    const other = await credentials({ token: 'b' }, { 'tls-server-name': 'other' });
    const pools = createPools(known, 8);
    const identity = await known.current();

    const first = pools.agentsFor(identity);

    expect(pools.agentsFor({ ...identity, headers: { Authorization: 'Bearer new' } })).toBe(first);
    expect(pools.agentsFor(await other.current())).not.toBe(first);
    await pools.close();
    expect(() => pools.agentsFor(identity)).toThrow('the Kubernetes client is closed');
  });
});
