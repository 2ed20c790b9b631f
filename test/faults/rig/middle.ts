// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus, RolloutVerb } from '../../../operator/api/rollout-status.ts';
import { isAt, readStatus, release } from '../../e2e/support/acts.ts';
import type { BlueGreenSpecInput, CanarySpecInput } from '../../e2e/support/objects.ts';
import { resourceOf } from '../../e2e/support/kinds.ts';
import { admin } from '../../e2e/support/world.ts';
import { type Furnished, type Scene, until } from './scene.ts';

/** Stands in the middle, with half of the traffic or in preview, until a person promotes. */
export const waitsForPerson = {
  spec: { steps: [{ setWeight: 50 }, { pause: {} }] } satisfies CanarySpecInput,
  blueGreen: { spec: { autoPromote: false } satisfies BlueGreenSpecInput },
};

/** Stands in the middle for so long. */
export function standsFor(duration: string) {
  return {
    spec: { steps: [{ setWeight: 50 }, { pause: { duration } }] } satisfies CanarySpecInput,
    blueGreen: { spec: { autoPromoteAfter: duration } satisfies BlueGreenSpecInput },
  };
}

/** The new version stands in the middle: half of the traffic is on the canary, or the preview has all of its pods. */
export function isMidway(
  { kind }: Pick<Furnished, 'kind'>,
  version: string,
): (status: RolloutStatus) => boolean {
  const isThere = isAt(1, kind === 'Canary' ? 50 : 0);
  return (status) => isThere(status) && status.stage === 'Stepping' && status.canary?.version === version;
}

/** Releases a version, by default 1.1.0, and waits until it stands in the middle. */
export async function toMiddle(scene: Scene, version = '1.1.0'): Promise<void> {
  await release(scene, version);
  await until(scene, `${version} in the middle`, isMidway(scene, version));
}

/** The request alone: who answers it may die on the way. In a bake it is of the revision that has all traffic. */
export async function request({ namespace, kind }: Scene, verb: RolloutVerb): Promise<void> {
  const { stage, stable, canary } = await readStatus(namespace, kind);
  const { revision = '' } = (stage === 'Baking' ? stable : canary) ?? {};
  const annotations = { 'headway.dev/action': `${verb}/${revision}/1` };
  const change = { patch: { metadata: { annotations } }, fieldManager: 'person' };
  await admin().mergePatch(resourceOf(kind), { namespace, name: 'shop' }, change);
}
