// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCertificates, frontProxyClient, keyPairOf, serverIdentities } from './certificates.ts';
import { writeCertificateKubeconfig } from './kubeconfig.ts';
import { type Layout, layoutOf } from './layout.ts';

let checkout = '';
let layout: Layout;
beforeAll(async () => {
  checkout = mkdtempSync(join(tmpdir(), 'headway-pki-'));
  layout = layoutOf('pki', checkout);
  const alice = {
    name: 'alice',
    commonName: 'alice',
    organizations: ['team-shop', 'other'],
    servedNames: [],
  };
  await createCertificates(layout, [...serverIdentities, frontProxyClient, alice]);
});
afterAll(() => rmSync(checkout, { recursive: true }));

function certificate(name: string): X509Certificate {
  return new X509Certificate(readFileSync(keyPairOf(layout, name).certificate));
}

describe('createCertificates', () => {
  it('makes an authority that signs the others', () => {
    const authority = certificate('ca');
    expect(authority.ca).toBe(true);
    for (const name of ['apiserver', 'kubelet-server', 'metrics-server-serving', 'alice']) {
      expect(certificate(name).verify(authority.publicKey)).toBe(true);
      expect(certificate(name).ca).toBe(false);
    }
  });

  it('signs who may speak for anybody by an authority that signs nobody else', () => {
    const authority = certificate('front-proxy-ca');
    expect(authority.ca).toBe(true);
    expect(certificate('front-proxy-client').verify(authority.publicKey)).toBe(true);
    expect(certificate('front-proxy-client').verify(certificate('ca').publicKey)).toBe(false);
    expect(certificate('alice').verify(authority.publicKey)).toBe(false);
  });

  it.each([
    ['127.0.0.1', '198.18.0.1', '198.19.0.1'].map((ip) => `IP Address:${ip}`),
    ['kubernetes.default.svc', 'localhost'].map((name) => `DNS:${name}`),
  ])('lets the API server serve as %s, ...', (...names) => {
    for (const name of names) {
      expect(certificate('apiserver').subjectAltName?.split(', ')).toContain(name);
    }
  });

  it('writes the user as common name and the groups as organizations', () => {
    expect(certificate('alice').subject.split('\n')).toEqual(['O=team-shop', 'O=other', 'CN=alice']);
    expect(certificate('alice').keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate('apiserver').keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('keeps keys to their owner', () => {
    expect(statSync(keyPairOf(layout, 'alice').key).mode & 0o777).toBe(0o600);
  });
});

describe('writeCertificateKubeconfig', () => {
  it('is the user at the address of the node, with all in one file', () => {
    const text = readFileSync(writeCertificateKubeconfig(layout, 'alice'), 'utf8');
    expect(text).toContain('server: https://198.18.0.1:6443');
    expect(text).toContain(readFileSync(keyPairOf(layout, 'alice').key).toString('base64'));
    expect(text).toContain(readFileSync(keyPairOf(layout, 'ca').certificate).toString('base64'));
  });
});
