// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { AnalysisRun } from './analysis-status.ts';
import { RevisionStatus } from './release-status.ts';
import { RolloutStatus, TrafficWeight } from './rollout-status.ts';

export const SlotName = z.enum(['blue', 'green']);
export type SlotName = z.infer<typeof SlotName>;

const Slotted = RevisionStatus.extend({
  slot: SlotName.describe('blue or green; a slot keeps its colour while the traffic moves between the two.'),
  routedSince: RevisionStatus.shape.routedSince.describe(
    'Since when the EndpointSlices of the preview Service have held pods of this revision alone, beside its place in the route where that has to come first.',
  ),
});

const PreviewWeight = TrafficWeight.extend({
  desired: z.int().describe('Percent of the traffic that the preview should have: 0 or 100.'),
  observed: z.int().describe('Percent of the traffic that the preview has, read back.'),
  matched: z
    .boolean()
    .optional()
    .describe('Whether chosen requests go to the preview; of a BlueGreen none are chosen.'),
});

/** As that of a Canary, but for the names of the two sides: they are slots, and each has a colour. */
export const BlueGreenStatus = RolloutStatus.omit({ stable: true, canary: true }).extend({
  active: Slotted.optional().describe('The revision that clients reach.'),
  preview: Slotted.optional().describe(
    'The revision that the preview Service finds, or the last one that was rolled back.',
  ),
  weight: PreviewWeight.optional().describe('Traffic of the preview, desired and observed: 0 or 100.'),
  analysis: z
    .object({
      step: AnalysisRun.optional().describe('The run of prePromotion, the current or the last one.'),
      background: AnalysisRun.optional().describe('The run of postPromotion, in the bake.'),
    })
    .optional()
    .describe('What was measured and how it was judged.'),
});
export type BlueGreenStatus = z.infer<typeof BlueGreenStatus>;
