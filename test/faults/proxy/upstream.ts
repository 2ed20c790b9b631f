// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';
import { z } from 'zod';

const Kubeconfig = z.looseObject({
  clusters: z
    .array(
      z.looseObject({
        cluster: z.looseObject({ server: z.url(), 'certificate-authority-data': z.string() }),
      }),
    )
    .min(1),
  users: z
    .array(
      z.looseObject({
        user: z.looseObject({
          'client-certificate-data': z.string().optional(),
          'client-key-data': z.string().optional(),
        }),
      }),
    )
    .default([]),
});

/**
 * The way to the API server of a kubeconfig. Whoever its certificate is for is who asks; without one that is in the
 * headers, which are passed on.
 */
export interface Upstream {
  send(outgoing: Outgoing): Promise<IncomingMessage>;
  close(): void;
}

export interface Outgoing {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly signal?: AbortSignal;
}

export function openUpstream(kubeconfig: string): Upstream {
  const { clusters, users } = Kubeconfig.parse(parse(readFileSync(kubeconfig, 'utf8')));
  const [entry] = clusters;
  if (!entry) throw new Error(`${kubeconfig} names no cluster`);
  const { server, 'certificate-authority-data': authority } = entry.cluster;
  const { hostname, port } = new URL(server);
  const { 'client-certificate-data': certificate, 'client-key-data': key } = users[0]?.user ?? {};
  const agent = new Agent({
    keepAlive: true,
    ca: Buffer.from(authority, 'base64'),
    ...(certificate === undefined ? {} : { cert: Buffer.from(certificate, 'base64') }),
    ...(key === undefined ? {} : { key: Buffer.from(key, 'base64') }),
  });
  return {
    send: ({ method, path, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const options = {
          agent,
          hostname,
          port,
          method,
          path,
          headers: { ...headers, host: `${hostname}:${port}` },
        };
        const call = request({ ...options, ...(signal ? { signal } : {}) }, resolve);
        call.on('error', reject);
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}
