// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { RevisionStatus } from './release-status.ts';
import { RolloutStatus } from './rollout-status.ts';

export const SlotName = z.enum(['blue', 'green']);
export type SlotName = z.infer<typeof SlotName>;

const Slotted = RevisionStatus.extend({
  slot: SlotName.describe('blue or green; a slot keeps its colour while the traffic moves between the two.'),
});

/** As that of a Canary, but for the names of the two sides: they are slots, and each has a colour. */
export const BlueGreenStatus = RolloutStatus.omit({ stable: true, canary: true }).extend({
  active: Slotted.optional().describe('The revision that clients reach.'),
  preview: Slotted.optional().describe(
    'The revision that the preview Service finds, or the last one that was rolled back.',
  ),
  weight: RolloutStatus.shape.weight.describe('Traffic of the preview, desired and observed: 0 or 100.'),
});
export type BlueGreenStatus = z.infer<typeof BlueGreenStatus>;
