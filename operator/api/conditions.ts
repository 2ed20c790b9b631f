// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** metav1.Condition, as `kubectl wait`, kstatus and Argo CD read it. */
export const Condition = z.object({
  type: z.string().describe('Type of the condition.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('True, False or Unknown.'),
  reason: z.string().describe('Why, in one CamelCase word.'),
  message: z.string().describe('Why, in one sentence.'),
  lastTransitionTime: z.string().describe('When status last changed.'),
  observedGeneration: z.int().optional().describe('Generation of the spec that the condition speaks of.'),
});
export type Condition = z.infer<typeof Condition>;
