// SPDX-License-Identifier: Apache-2.0
// Canaries and BlueGreens as the real controllers leave them in random stories (test/simulation).
import type { KubeObject } from '../../operator/kube/objects.ts';
import { resources } from '../../operator/kube/resources.ts';
import { generateStory, mixedSeed } from '../simulation/story/generate.ts';
import { play } from '../simulation/story/play.ts';
import { shownBy } from './contract.ts';

export interface Met {
  readonly seed: string;
  readonly object: KubeObject;
}

/** What was stored in so many stories, the first of all that show the same. */
export async function metInStories(count: number): Promise<Met[]> {
  const met = new Map<string, Met>();
  for (let index = 0; index < count; index++) {
    const seed = mixedSeed(index);
    const { world } = await play(generateStory(seed));
    for (const object of versionsIn(world.server)) {
      const key = JSON.stringify([object.kind, stageOf(object), shownBy(object)]);
      if (!met.has(key)) met.set(key, { seed, object });
    }
  }
  return [...met.values()];
}

type Server = Awaited<ReturnType<typeof play>>['world']['server'];

/** Every version that was ever stored. The modelled server knows no defaults of CRDs, so what has no status is left out. */
function versionsIn(server: Server): KubeObject[] {
  return [resources.canaries, resources.blueGreens]
    .flatMap((resource) => server.changes(resource))
    .flatMap(({ after }) => (after?.['status'] ? [after] : []));
}

function stageOf(object: KubeObject): unknown {
  return (object['status'] as { stage?: string }).stage;
}
