// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { RolloutStatus, RolloutVerb } from '../../../operator/api/rollout-status.ts';
import { Annotations } from '../../../operator/api/group.ts';
import type { Rollout, RolloutKind } from '../../../operator/engine/rollout/rollout.ts';
import { isNotFound } from '../../../operator/kube/errors.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { describeStory } from './describe.ts';
import { resourceOf, rolloutOf } from './kinds.ts';
import { type Behaviour, shop, shopDeployment } from './objects.ts';
import type { Story } from './story.ts';
import { holds, waitFor } from './wait.ts';
import { admin } from './world.ts';

/** The Canary or BlueGreen, or undefined when it is gone. */
export async function readRollout(
  namespace: string,
  kind: RolloutKind = 'Canary',
): Promise<Rollout | undefined> {
  try {
    return rolloutOf(kind, await admin().get(resourceOf(kind), { namespace, name: shop }));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

export async function readStatus(namespace: string, kind: RolloutKind = 'Canary'): Promise<RolloutStatus> {
  return (await readRollout(namespace, kind))?.status ?? { observedGeneration: -1 };
}

const statusWithinMs = 120_000;

/** What an act needs to know of where it is played. */
export type Stage = Pick<Story, 'title' | 'mode' | 'namespace' | 'replicas' | 'exit' | 'operatorLog'> &
  Partial<Pick<Story, 'kind'>>;

/** The status as soon as it satisfies the condition. */
export function until(
  { title, mode, namespace, operatorLog, kind }: Stage,
  what: string,
  isReached: (status: RolloutStatus) => boolean,
  withinMs = statusWithinMs,
): Promise<RolloutStatus> {
  return waitFor({
    what: `${title} (${mode}): ${what}`,
    withinMs,
    probe: async () => {
      const status = await readStatus(namespace, kind);
      return isReached(status) ? status : undefined;
    },
    explain: () => describeStory(namespace, operatorLog, kind),
  });
}

/** Throws when the status does not satisfy the condition all the time. */
export function stays(
  { title, mode, namespace, kind }: Stage,
  what: string,
  isKept: (status: RolloutStatus) => boolean,
  forMs: number,
): Promise<void> {
  return holds(`${title} (${mode}): ${what}`, forMs, async () => isKept(await readStatus(namespace, kind)));
}

/** Another template for the Deployment, as a person or a pipeline changes it. */
export async function release(
  { namespace, mode, replicas, exit }: Stage,
  version: string,
  behaviour: Behaviour = {},
): Promise<void> {
  const { template } = shopDeployment({ ...behaviour, namespace, mode, version, replicas, exit }).spec;
  const change = { patch: { spec: { template } }, fieldManager: 'release-pipeline' };
  await admin().mergePatch(resources.deployments, { namespace, name: shop }, change);
}

/** Asks for a verb by the annotation, by default for the revision in flight, and waits until it is accepted. */
export async function ask(story: Stage, verb: RolloutVerb, revision?: string): Promise<void> {
  const { namespace, kind = 'Canary' } = story;
  const named = revision ?? (await readStatus(namespace, kind)).canary?.revision ?? '';
  const nonce = randomBytes(4).toString('hex');
  const annotations = { [Annotations.action]: `${verb}/${named}/${nonce}` };
  const change = { patch: { metadata: { annotations } }, fieldManager: 'person' };
  await admin().mergePatch(resourceOf(kind), { namespace, name: shop }, change);
  const { lastAction } = await until(story, `an answer to ${verb}`, (one) => one.lastAction?.nonce === nonce);
  if (lastAction?.result !== 'Accepted') throw new Error(`${verb} was rejected: ${lastAction?.message}`);
}

/** From here on a promoted version bakes so long. */
export function bakeFor(stage: Stage, duration: string): Promise<void> {
  return changeSpec(stage, { bake: { duration } });
}

/**
 * From here on what moves the release has so long. A story that ends by it shortens it when it has seen what it waited
 * for: a deadline that is short from the start may be over first, on a slow machine.
 */
export function giveTime(stage: Stage, progressDeadline: string): Promise<void> {
  return changeSpec(stage, { progressDeadline });
}

async function changeSpec({ namespace, kind = 'Canary' }: Stage, spec: object): Promise<void> {
  const change = { patch: { spec }, fieldManager: 'developer' };
  await admin().mergePatch(resourceOf(kind), { namespace, name: shop }, change);
}

export function isHealthy(status: RolloutStatus): boolean {
  return status.phase === 'Healthy';
}

/** At a step, with its weight read back. */
export function isAt(index: number, weight: number): (status: RolloutStatus) => boolean {
  return ({ step, weight: at }) => step?.index === index && at?.desired === weight && at.observed === weight;
}

/** Promoted: all traffic on that version. */
export function isPromoted(version: string): (status: RolloutStatus) => boolean {
  return (status) => isHealthy(status) && status.stable?.version === version;
}

/** It waits for a person; whatever is judged before has passed. */
export function isPreviewed(version: string): (status: RolloutStatus) => boolean {
  return ({ canary, pause }) => canary?.version === version && pause?.by === 'Step';
}

export function isRolledBack(status: RolloutStatus): boolean {
  return status.phase === 'RolledBack';
}
