// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { resources } from '../../../operator/kube/resources.ts';
import { type Load, startLoad } from '../../apps/load.ts';
import { hostOf, type Mode, shop } from './objects.ts';
import { waitFor } from './wait.ts';
import { admin, ingressUrl, outputDir } from './world.ts';

/** Where clients of a story knock. */
export interface Entrance {
  url: string;
  host: string;
}

const ServiceAddress = z.looseObject({ clusterIP: z.string() });

/** The Ingress controller, which is the Gateway too, with the story's host name, or the address of its Service. */
export async function entranceOf(namespace: string, mode: Mode): Promise<Entrance> {
  if (mode !== 'ratio') return { url: ingressUrl, host: hostOf(namespace) };
  const service = await admin().get(resources.services, { namespace, name: shop });
  const { clusterIP } = ServiceAddress.parse(service['spec']);
  return { url: `http://${clusterIP}:80/`, host: shop };
}

/** Waits until the app answers: what is lost before that is nobody's loss. */
export async function waitUntilServing(entrance: Entrance, withinMs: number): Promise<void> {
  await waitFor({
    what: `an answer from ${entrance.host}`,
    withinMs,
    probe: async () => ((await statusOf(entrance)) === 200 ? true : undefined),
  });
}

function statusOf({ url, host }: Entrance): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', headers: { host }, agent: false, timeout: 2_000 });
    sent.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(0));
    sent.end();
  });
}

/** Requests over fresh connections, or over kept and fresh ones in turn, until stopped. */
export function startTraffic(
  name: string,
  entrance: Entrance,
  traffic: { ratePerSecond: number; connections: 'fresh' | 'both' },
): Promise<Load> {
  const outPath = join(outputDir, 'load', `${name}.jsonl`);
  mkdirSync(dirname(outPath), { recursive: true });
  return startLoad({ ...entrance, ...traffic, outPath });
}
