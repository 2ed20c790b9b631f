// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { CanaryStatus } from '../../../operator/api/canary-status.ts';
import type { Load } from '../../apps/load.ts';
import { isHealthy, until } from './acts.ts';
import { applyObjects, kubectl } from './kubectl.ts';
import { type CanarySpecInput, canaryObject, type Mode, shop, shopObjects } from './objects.ts';
import { entranceOf, startTraffic, waitUntilServing } from './traffic.ts';

/** A namespace with a shop under load and its Canary. */
export interface Story {
  readonly title: string;
  readonly mode: Mode;
  readonly namespace: string;
  readonly replicas: number;
  readonly load: Load;
  readonly startedAtMs: number;
  /** Sentences for the report. */
  readonly notes: string[];
  /** The log of the operator that serves it, for the message when it fails. */
  readonly operatorLog: string | undefined;
  /** A person asked for a jump, so the weights need not follow the steps. */
  mayJump: boolean;
  /** When a story started the API server anew. */
  readonly serverStartsMs: number[];
}

export interface StoryOptions {
  /** Lower-case words; the namespace is named after them. */
  title: string;
  mode: Mode;
  spec: CanarySpecInput;
  replicas?: number;
  ratePerSecond?: number;
  operatorLog?: string;
  /** By default made of title and mode, and different each time. */
  namespace?: string;
}

export const firstVersion = '1.0.0';

const defaultRate = 100;
const adoptedWithinMs = 60_000;

const isAdopted = (status: CanaryStatus): boolean => isHealthy(status) && status.parked === true;

export function namespaceOf(title: string, mode: Mode): string {
  return `e2e-${title.replaceAll(/[^a-z0-9]+/g, '-')}-${mode}-${randomBytes(2).toString('hex')}`;
}

/** Puts up a shop, load on it, and a Canary; does not wait for the adoption. */
export async function beginStory(options: StoryOptions): Promise<Story> {
  const { title, mode, replicas = 4, namespace = namespaceOf(title, mode) } = options;
  await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  await applyObjects(shopObjects({ namespace, mode, version: firstVersion, replicas }));
  await kubectl([
    'wait',
    '-n',
    namespace,
    `deployment/${shop}`,
    '--for=condition=Available',
    '--timeout=90s',
  ]);
  const entrance = await entranceOf(namespace, mode);
  await waitUntilServing(entrance, 30_000);
  const load = await startTraffic(namespace, entrance, options.ratePerSecond ?? defaultRate);
  await applyObjects([canaryObject(namespace, mode, options.spec)]);
  return {
    title,
    mode,
    namespace,
    replicas,
    load,
    startedAtMs: Date.now(),
    notes: [],
    operatorLog: options.operatorLog,
    mayJump: false,
    serverStartsMs: [],
  };
}

/** Resolves when all traffic is on the first revision, and the Deployment's own pods are retired. */
export async function untilAdopted(story: Story): Promise<void> {
  await until(story, 'the Deployment to be adopted', isAdopted, adoptedWithinMs);
}
