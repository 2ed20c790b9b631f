// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../shell.ts';
import { addresses, type Layout, metricsServerHost, nodeName } from './layout.ts';

export interface Identity {
  /** The file name below the pki folder. */
  name: string;
  commonName: string;
  organizations: readonly string[];
  /** Subject alternative names of a server, as openssl writes them; empty for a client. */
  servedNames: readonly string[];
  /** Who signs it; by default the authority of the cluster. */
  authority?: Authority;
}

/**
 * `ca` is the cluster's own. Who comes with a certificate of `front-proxy-ca` may speak for anybody, so that one signs
 * nothing but the certificate by which the API server hands on requests to API servers behind it.
 */
type Authority = 'ca' | 'front-proxy-ca';

export interface KeyPair {
  certificate: string;
  key: string;
}

const daysValid = '30';

export function pkiDir(layout: Layout): string {
  return join(layout.stateDir, 'pki');
}

/** The paths of an identity's certificate and key. */
export function keyPairOf(layout: Layout, name: string): KeyPair {
  return { certificate: join(pkiDir(layout), `${name}.crt`), key: join(pkiDir(layout), `${name}.key`) };
}

export const serverIdentities: readonly Identity[] = [
  {
    name: 'apiserver',
    commonName: 'kube-apiserver',
    organizations: [],
    servedNames: [
      `IP:127.0.0.1`,
      `IP:${addresses.node}`,
      `IP:${addresses.kubernetesService}`,
      'DNS:localhost',
      'DNS:kubernetes',
      'DNS:kubernetes.default',
      'DNS:kubernetes.default.svc',
      'DNS:kubernetes.default.svc.cluster.local',
    ],
  },
  {
    name: 'kubelet-server',
    commonName: nodeName,
    organizations: [],
    servedNames: [`IP:${addresses.node}`, `DNS:${nodeName}`],
  },
  {
    name: 'metrics-server-serving',
    commonName: 'metrics-server',
    organizations: [],
    servedNames: [`DNS:${metricsServerHost}`],
  },
];

/** The API server, to the API servers behind it. */
export const frontProxyClient: Identity = {
  name: 'front-proxy-client',
  commonName: 'front-proxy-client',
  organizations: [],
  servedNames: [],
  authority: 'front-proxy-ca',
};

/** Makes the authorities, the key that signs ServiceAccount tokens, and a key pair per identity. */
export async function createCertificates(layout: Layout, identities: readonly Identity[]): Promise<void> {
  mkdirSync(pkiDir(layout), { recursive: true, mode: 0o700 });
  const serviceAccount = newKey();
  writeFileSync(join(pkiDir(layout), 'service-account.key'), serviceAccount.privateKey, { mode: 0o600 });
  writeFileSync(join(pkiDir(layout), 'service-account.pub'), serviceAccount.publicKey);
  await Promise.all([
    createAuthority(layout, 'ca', 'headway-test-cluster'),
    createAuthority(layout, 'front-proxy-ca', 'headway-test-front-proxy'),
  ]);
  await Promise.all(identities.map((identity) => sign(layout, identity)));
}

async function createAuthority(layout: Layout, name: Authority, commonName: string): Promise<void> {
  const authority = keyPairOf(layout, name);
  writeFileSync(authority.key, newKey().privateKey, { mode: 0o600 });
  await run('openssl', [
    'req',
    '-x509',
    '-new',
    '-key',
    authority.key,
    '-out',
    authority.certificate,
    '-subj',
    `/CN=${commonName}`,
    '-days',
    daysValid,
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign,digitalSignature',
  ]);
}

async function sign(layout: Layout, identity: Identity): Promise<void> {
  const { privateKey, publicKey } = newKey();
  const pair = keyPairOf(layout, identity.name);
  const base = join(pkiDir(layout), identity.name);
  writeFileSync(pair.key, privateKey, { mode: 0o600 });
  writeFileSync(`${base}.pub`, publicKey);
  writeFileSync(`${base}.ext`, extensionsOf(identity));
  const authority = keyPairOf(layout, identity.authority ?? 'ca');
  await run('openssl', [
    'x509',
    '-new',
    '-force_pubkey',
    `${base}.pub`,
    '-subj',
    subjectOf(identity),
    '-days',
    daysValid,
    '-CA',
    authority.certificate,
    '-CAkey',
    authority.key,
    '-extfile',
    `${base}.ext`,
    '-out',
    pair.certificate,
  ]);
}

/** The subject: the user name is the common name, the groups are the organizations. */
function subjectOf(identity: Identity): string {
  return [...identity.organizations.map((name) => `/O=${name}`), `/CN=${identity.commonName}`].join('');
}

function extensionsOf(identity: Identity): string {
  const isServer = identity.servedNames.length > 0;
  const lines = [
    'keyUsage=critical,digitalSignature',
    `extendedKeyUsage=${isServer ? 'serverAuth' : 'clientAuth'}`,
    ...(isServer ? [`subjectAltName=${identity.servedNames.join(',')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function newKey(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

export function readBase64(path: string): string {
  return readFileSync(path).toString('base64');
}
