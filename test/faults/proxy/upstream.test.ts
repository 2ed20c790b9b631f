// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../cluster/shell.ts';
import { openUpstream } from './upstream.ts';

let dir = '';
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'headway-upstream-'));
  for (const [name, more] of [
    ['server', ['-addext', 'subjectAltName=IP:127.0.0.1']],
    ['traefik', []],
  ] as const) {
    const files = ['-keyout', join(dir, `${name}.key`), '-out', join(dir, `${name}.crt`)];
    const subject = ['-subj', `/CN=${name}`];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    await run('openssl', ['req', '-x509', '-nodes', ...kind, ...subject, ...files, ...more]);
  }
});
afterAll(() => rmSync(dir, { recursive: true }));

const base64Of = (file: string): string => readFileSync(join(dir, file)).toString('base64');

/** Says who asks: by certificate, or by the header. */
async function answerTo(user: object): Promise<string> {
  const files = { key: readFileSync(join(dir, 'server.key')), cert: readFileSync(join(dir, 'server.crt')) };
  const options = { ...files, ca: readFileSync(join(dir, 'traefik.crt')), requestCert: true };
  const server = createServer({ ...options, rejectUnauthorized: false }, ({ socket, headers }, to) => {
    const name = socket instanceof TLSSocket ? socket.getPeerCertificate().subject?.CN : undefined;
    to.end(`${name ?? 'nobody'}, ${headers.authorization ?? 'no header'}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cluster = { server: url, 'certificate-authority-data': base64Of('server.crt') };
  const path = join(dir, 'kubeconfig.yaml');
  writeFileSync(path, JSON.stringify({ clusters: [{ cluster }], users: [{ user }] }));
  const upstream = openUpstream(path);
  const headers = { authorization: 'Bearer abc' };
  const answer = await upstream.send({ method: 'GET', path: '/', headers, body: Buffer.alloc(0) });
  const text = (await buffer(answer)).toString();
  upstream.close();
  server.close();
  return text;
}

describe('openUpstream', () => {
  it('is whoever the certificate of the kubeconfig is for', async () => {
    const user = {
      'client-certificate-data': base64Of('traefik.crt'),
      'client-key-data': base64Of('traefik.key'),
    };
    expect(await answerTo(user)).toBe('traefik, Bearer abc');
  });

  it('passes on who asks where the kubeconfig has a token', async () => {
    expect(await answerTo({ token: 'its own' })).toBe('nobody, Bearer abc');
  });
});
