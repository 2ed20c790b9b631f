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
  return mode === 'ratio' ? entranceOfService(namespace, shop) : { url: ingressUrl, host: hostOf(namespace) };
}

/** The address of a Service. */
export async function entranceOfService(namespace: string, name: string): Promise<Entrance> {
  const service = await admin().get(resources.services, { namespace, name });
  const { clusterIP } = ServiceAddress.parse(service['spec']);
  return { url: `http://${clusterIP}:80/`, host: name };
}

/** Waits until the app answers: what is lost before that is nobody's loss. */
export async function waitUntilServing(entrance: Entrance, withinMs: number): Promise<void> {
  await waitFor({
    what: `an answer from ${entrance.host}`,
    withinMs,
    probe: async () => ((await statusOf(entrance)) === 200 ? true : undefined),
  });
}

/** Waits until that version alone answers: kube-proxy follows a Service in its own time. No request may go astray. */
export async function waitUntilAnsweredBy(entrance: Entrance, version: string): Promise<void> {
  await waitFor({
    what: `answers of ${version} alone from ${entrance.host}`,
    withinMs: 30_000,
    probe: async () => {
      const counts = await versionsFor(entrance, {}, 5);
      const astray = Object.keys(counts).find((name) => name.startsWith('status'));
      if (astray !== undefined) throw new Error(`${entrance.host} answered with ${astray}`);
      return counts[version] === 5 ? true : undefined;
    },
  });
}

async function statusOf(entrance: Entrance): Promise<number> {
  return (await knock(entrance, {})).status;
}

interface Answer {
  /** 0 when none came. */
  status: number;
  version: string | undefined;
}

function knock({ url, host }: Entrance, headers: Readonly<Record<string, string>>): Promise<Answer> {
  return new Promise((resolve) => {
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, host },
      agent: false,
      timeout: 10_000,
    });
    sent.on('response', (response) => {
      response.resume();
      const version = response.headers['x-version'];
      resolve({
        status: response.statusCode ?? 0,
        version: typeof version === 'string' ? version : undefined,
      });
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve({ status: 0, version: undefined }));
    sent.end();
  });
}

/** How many of so many requests with these headers each version answered; what is no answer of the app by its status. */
export async function versionsFor(
  entrance: Entrance,
  headers: Readonly<Record<string, string>>,
  count: number,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let sent = 0; sent < count; sent++) {
    const { status, version = `status ${status}` } = await knock(entrance, headers);
    counts[version] = (counts[version] ?? 0) + 1;
  }
  return counts;
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
