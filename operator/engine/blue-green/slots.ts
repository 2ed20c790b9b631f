// SPDX-License-Identifier: Apache-2.0
import type { BlueGreenStatus, SlotName } from '../../api/blue-green-status.ts';
import type { RevisionStatus } from '../../api/release-status.ts';
import type { RolloutStatus } from '../../api/rollout-status.ts';

type Slotted = NonNullable<BlueGreenStatus['active']>;

/** The status of a BlueGreen as the plans see it: active is stable, the preview is the canary. */
export function rolloutStatusOf({ active, preview, ...shared }: BlueGreenStatus): RolloutStatus {
  return {
    ...shared,
    ...(active ? { stable: withoutSlot(active) } : {}),
    ...(preview ? { canary: withoutSlot(preview) } : {}),
  };
}

/**
 * What a plan says as the status of a BlueGreen. A slot keeps its colour while traffic moves from one to the other:
 * where another revision is active than in `before`, the other slot is. The first one is blue,
 * already in preview.
 */
export function blueGreenStatusOf(
  { stable, canary, ...shared }: RolloutStatus,
  before: BlueGreenStatus | undefined,
): BlueGreenStatus {
  const slot = activeSlot(stable, before?.active);
  return {
    ...shared,
    ...(stable ? { active: { slot, ...stable } } : {}),
    ...(canary ? { preview: { slot: stable ? otherSlot(slot) : slot, ...canary } } : {}),
  };
}

function activeSlot(stable: RevisionStatus | undefined, before: Slotted | undefined): SlotName {
  if (!before) return 'blue';
  return stable && stable.revision !== before.revision ? otherSlot(before.slot) : before.slot;
}

function otherSlot(slot: SlotName): SlotName {
  return slot === 'blue' ? 'green' : 'blue';
}

function withoutSlot({ slot: _slot, ...revision }: Slotted): RevisionStatus {
  return revision;
}
