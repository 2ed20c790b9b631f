// SPDX-License-Identifier: Apache-2.0
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { type KubeConfigSource, readKubeConfig } from './kubeconfig.ts';

/** What a TLS connection to the API server needs. */
interface TlsMaterial {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

export interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
  /** Equal for equal TLS material, so that connections are rebuilt only when it changed. */
  readonly fingerprint: string;
}

/** Who we are to the API server, and how to reach it. */
export interface Credentials {
  /** Scheme, host and port. */
  readonly origin: string;
  /** What every path starts with; '' in most clusters. */
  readonly basePath: string;
  readonly proxyUrl: string | undefined;
  /** The identity to use now. Token file, exec plugin and CA file are asked again after 30 s or after `forget`. */
  current(): Promise<Identity>;
  /** The server did not accept the identity. */
  forget(): void;
}

/** How long an identity is used before its sources are asked again (client-node re-reads token files each 60 s). */
const IDENTITY_MAX_AGE_MS = 30_000;

/** Reads the configuration. Throws an Error that says what is missing when it names no usable cluster. */
export function loadCredentials(source: KubeConfigSource): Credentials {
  const { config, cluster } = readKubeConfig(source);
  if (cluster.proxyUrl && !cluster.proxyUrl.startsWith('http')) {
    throw new Error(`proxy-url ${cluster.proxyUrl} is not supported; use an http or https proxy`);
  }
  const server = new URL(cluster.server);
  let held: { identity: Promise<Identity>; readAtMs: number } | undefined;
  return {
    origin: server.origin,
    basePath: server.pathname.replace(/\/+$/, ''),
    proxyUrl: cluster.proxyUrl,
    current() {
      const nowMs = performance.now();
      if (held === undefined || nowMs - held.readAtMs > IDENTITY_MAX_AGE_MS) {
        const identity = readIdentity(config);
        held = { identity, readAtMs: nowMs };
        identity.catch(() => {
          held = undefined; // the caller sees the rejection; the next call asks anew
        });
      }
      return held.identity;
    },
    forget() {
      held = undefined;
    },
  };
}

async function readIdentity(config: KubeConfig): Promise<Identity> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  if (options.auth) headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value).trim();
  const tls = tlsMaterialOf(options);
  return { headers, tls, fingerprint: JSON.stringify(tls, (_, value: unknown) => printable(value)) };
}

function tlsMaterialOf(options: RequestOptions): TlsMaterial {
  const tls: { -readonly [field in keyof TlsMaterial]: TlsMaterial[field] } = {};
  if (options.ca !== undefined) tls.ca = asPem(options.ca);
  if (options.cert !== undefined) tls.cert = asPem(options.cert);
  if (options.key !== undefined) tls.key = asPem(options.key);
  if (options.servername !== undefined) tls.servername = options.servername;
  if (options.rejectUnauthorized !== undefined) tls.rejectUnauthorized = options.rejectUnauthorized;
  return tls;
}

function asPem(value: unknown): string | Buffer {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value;
  throw new TypeError('TLS material must be PEM text');
}

function printable(value: unknown): unknown {
  return Buffer.isBuffer(value) ? value.toString('base64') : value;
}
