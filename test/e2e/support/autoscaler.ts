// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { API_VERSION } from '../../../operator/api/group.ts';
import { resources } from '../../../operator/kube/resources.ts';
import type { Stage } from './acts.ts';
import { describeStory } from './describe.ts';
import { kubectl } from './kubectl.ts';
import { shop } from './objects.ts';
import { waitFor } from './wait.ts';
import { admin } from './world.ts';

export interface Bounds {
  minReplicas: number;
  maxReplicas: number;
}

/** An autoscaler of the Canary, by the processor time of its pods: so many of them that each has about `cpu`. */
export function autoscaler(namespace: string, cpu: string, bounds: Bounds): object {
  const target = { type: 'AverageValue', averageValue: cpu };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: shop, namespace },
    spec: {
      scaleTargetRef: { apiVersion: API_VERSION, kind: 'Canary', name: shop },
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
      ...bounds,
    },
  };
}

const Measured = z.looseObject({ current: z.looseObject({ averageValue: z.string() }) });

const Autoscaler = z.looseObject({
  status: z
    .looseObject({
      desiredReplicas: z.int(),
      // Without a resource where it could not be measured.
      currentMetrics: z.array(z.looseObject({ resource: Measured.optional() })).nullish(),
      conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).optional(),
    })
    .optional(),
});

export interface Reading {
  /** The processor time of a pod on average, as a quantity. */
  cpu: string;
  desired: number;
}

/** What the autoscaler has measured, once it acts by it and wants so many pods. */
export function untilItWants(stage: Stage, isWanted: (desired: number) => boolean): Promise<Reading> {
  const { title, mode, namespace } = stage;
  return waitFor({
    what: `${title} (${mode}): the autoscaler to act by what it measures`,
    withinMs: scaledWithinMs,
    probe: async () => {
      const reading = await readAutoscaler(namespace);
      return reading !== undefined && isWanted(reading.desired) ? reading : undefined;
    },
    explain: () => describeScaling(stage),
  });
}

async function readAutoscaler(namespace: string): Promise<Reading | undefined> {
  const text = await kubectl(['get', 'hpa', shop, `--namespace=${namespace}`, '--output=json']);
  const { status } = Autoscaler.parse(JSON.parse(text));
  const isActive = status?.conditions?.some(
    ({ type, status: is }) => type === 'ScalingActive' && is === 'True',
  );
  const cpu = status?.currentMetrics?.[0]?.resource?.current.averageValue;
  return status && isActive && cpu !== undefined ? { cpu, desired: status.desiredReplicas } : undefined;
}

/** Pods of busy machines take their time, and metrics come every ten seconds. */
const scaledWithinMs = 90_000;

/** Resolves when the revisions have that many available pods, by version. */
export function sized(stage: Stage, wanted: Readonly<Record<string, number>>): Promise<true> {
  let last: Record<string, number> = {};
  return waitFor<true>({
    what: `pods by version to be ${JSON.stringify(wanted)}`,
    withinMs: scaledWithinMs,
    probe: async () => {
      last = await sizes(stage.namespace);
      return Object.entries(wanted).every(([version, pods]) => last[version] === pods) ? true : undefined;
    },
    explain: async () => `last: ${JSON.stringify(last)}\n${await describeScaling(stage)}`,
  });
}

interface Revision {
  readonly metadata: { readonly annotations?: Record<string, string> };
  readonly status?: { readonly availableReplicas?: number };
}

async function sizes(namespace: string): Promise<Record<string, number>> {
  const list = await admin().list(resources.deployments, {
    namespace,
    labelSelector: 'headway.dev/revision',
    limit: 500,
  });
  const revisions = list.items as unknown as Revision[];
  return Object.fromEntries(
    revisions.map(({ metadata, status }) => [
      metadata.annotations?.['headway.dev/version'] ?? '',
      status?.availableReplicas ?? 0,
    ]),
  );
}

async function describeScaling({ namespace, operatorLog }: Stage): Promise<string> {
  const hpa = await kubectl(['get', 'hpa', shop, `--namespace=${namespace}`, '--output=yaml']);
  return `${hpa}\n${await describeStory(namespace, operatorLog)}`;
}
