// SPDX-License-Identifier: Apache-2.0
import { release } from '../../test/e2e/support/acts.ts';
import type { Behaviour } from '../../test/e2e/support/objects.ts';
import { shop } from '../../test/e2e/support/objects.ts';
import type { Story } from '../../test/e2e/support/story.ts';
import type { Lane } from './lanes.ts';

export const versions = ['1.0.0', '1.1.0', '1.2.0'] as const;

/** Long enough for an operator that is killed at each write, on a busy machine, with the longest settle. */
export const withinMs = 480_000;

/** Who makes the moves of a lane, and what there is to make them with. */
export interface Actor {
  readonly lane: Lane;
  readonly story: Story;
  /** By how many seconds routers hear of everything later. */
  delaySeconds: number;
  /** Templates that were made so far. */
  templates: number;
  /** By hand: the Deployment that serves. */
  serving: string;
}

export function createActor(lane: Lane, story: Story): Actor {
  return { lane, story, delaySeconds: 0, templates: 0, serving: shop };
}

/** A template that there was not yet: what comes back would be a way back, or nothing at all. */
export function nextTemplate(actor: Actor): { version: string; behaviour: Behaviour } {
  actor.templates += 1;
  const version = versions[actor.templates % versions.length] ?? versions[0];
  return { version, behaviour: { startDelayMs: actor.templates } };
}

/** Releases a template that there was not yet; answers its version. */
export async function releaseNext(actor: Actor): Promise<string> {
  const { version, behaviour } = nextTemplate(actor);
  await release(actor.story, version, behaviour);
  return version;
}
