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
});

/** The way to the API server of a kubeconfig; who asks is in the headers that are passed on. */
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
  const [entry] = Kubeconfig.parse(parse(readFileSync(kubeconfig, 'utf8'))).clusters;
  if (!entry) throw new Error(`${kubeconfig} names no cluster`);
  const { server, 'certificate-authority-data': authority } = entry.cluster;
  const { hostname, port } = new URL(server);
  const agent = new Agent({ keepAlive: true, ca: Buffer.from(authority, 'base64') });
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
