// SPDX-License-Identifier: Apache-2.0
// The moves that Headway makes: each resolves when it is over, so that the next one begins from rest.
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import { ask, isAt, isPreviewed, isPromoted, isRolledBack, until } from '../../test/e2e/support/acts.ts';
import { removeRollout } from '../../test/e2e/support/close.ts';
import { applyObjects } from '../../test/e2e/support/kubectl.ts';
import { rolloutObject, type SpecInput, trafficBy } from '../../test/e2e/support/objects.ts';
import { untilAdopted } from '../../test/e2e/support/story.ts';
import { type Actor, releaseNext, withinMs } from './actor.ts';
import { byHand, type HandMove } from './by-hand.ts';
import { type MoveName, scaleDownDelayOf, settleOf } from './lanes.ts';

type Move = (actor: Actor) => Promise<void>;

export const moves: Readonly<Record<MoveName, Move>> = {
  adoption,
  'canary steps': async (actor) => {
    await toStep(actor, 4);
  },
  promotion: async ({ story }) => {
    const { canary } = await until(story, 'what is to be promoted', (status) => status.canary !== undefined);
    await ask(story, 'promote');
    await until(story, 'the promotion', isPromoted(canary?.version ?? ''), withinMs);
  },
  'abort at step 1': (actor) => abortAt(actor, 1),
  'abort at step 2': (actor) => abortAt(actor, 2),
  'abort at step 3': (actor) => abortAt(actor, 3),
  'abort at step 4': (actor) => abortAt(actor, 4),
  'abort in the promotion': abortInPromotion,
  'preview aborted': async (actor) => {
    await toPreview(actor);
    await abort(actor);
  },
  switch: async (actor) => {
    const version = await toBake(actor);
    await until(actor.story, 'the end of the bake', isPromoted(version), withinMs);
  },
  'return in the bake': async (actor) => {
    await toBake(actor);
    const { stable } = await until(actor.story, 'what bakes', ({ stage }) => stage === 'Baking');
    await abort(actor, stable?.revision);
  },
  deletion: async (actor) => {
    await (actor.lane.kind === 'Canary' ? toStep(actor, 2) : toPreview(actor));
    await removeRollout(actor.story, withinMs);
  },
  ...(byHand satisfies Record<HandMove, Move>),
};

const canarySpec = {
  steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }],
};

/** Long enough for somebody to go back in it. */
const blueGreenSpec = { autoPromote: false, bake: { duration: '20s' } };

async function adoption(actor: Actor): Promise<void> {
  const { story, lane, delaySeconds } = actor;
  const { namespace, mode, kind } = story;
  const { traffic } = trafficBy[mode];
  const spec: SpecInput = {
    ...(lane.kind === 'Canary' ? canarySpec : blueGreenSpec),
    ...(traffic ? { traffic: { ...traffic, settle: `${settleOf(lane, delaySeconds)}s` } } : {}),
    scaleDownDelay: `${scaleDownDelayOf(lane, delaySeconds)}s`,
    progressDeadline: '30m',
  };
  await applyObjects([rolloutObject(kind, { namespace, mode, spec })]);
  await untilAdopted(story, withinMs);
}

/** The status when a new template has come to a step, counted from 1: under way to it, or at its pause. */
async function toStep(actor: Actor, step: 1 | 2 | 3 | 4): Promise<RolloutStatus> {
  const { story } = actor;
  const version = await releaseNext(actor);
  const reach = (what: string, isReached: (status: RolloutStatus) => boolean): Promise<RolloutStatus> =>
    until(story, what, (status) => status.canary?.version === version && isReached(status), withinMs);
  if (step === 1) return reach('step 1', (status) => status.step?.index === 0);
  const first = await reach('25%', isAt(1, 25));
  if (step === 2) return first;
  await ask(story, 'promote');
  return step === 3 ? reach('step 3', (status) => (status.step?.index ?? 0) >= 2) : reach('50%', isAt(3, 50));
}

async function abortAt(actor: Actor, step: 1 | 2 | 3 | 4): Promise<void> {
  await toStep(actor, step);
  await abort(actor);
}

/** All traffic is on its way to the new revision, and the Service does not name it yet. */
async function abortInPromotion(actor: Actor): Promise<void> {
  await toStep(actor, 2);
  await ask(actor.story, 'promote-full');
  await until(actor.story, 'the promotion to begin', ({ stage }) => stage === 'Promoting', withinMs);
  await abort(actor);
}

async function abort({ story }: Actor, revision?: string): Promise<void> {
  await ask(story, 'abort', revision);
  await until(story, 'the way back', isRolledBack, withinMs);
}

async function toPreview(actor: Actor): Promise<string> {
  const version = await releaseNext(actor);
  await until(actor.story, 'the preview', isPreviewed(version), withinMs);
  return version;
}

async function toBake(actor: Actor): Promise<string> {
  const version = await toPreview(actor);
  await ask(actor.story, 'promote');
  await until(
    actor.story,
    'the bake',
    ({ stage, stable }) => stage === 'Baking' && stable?.version === version,
    withinMs,
  );
  return version;
}
