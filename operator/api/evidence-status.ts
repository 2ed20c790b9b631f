// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

export const ArmCounts = z.object({
  requests: z.number().describe('Requests in the window.'),
  errors: z
    .number()
    .describe('Failed requests in the window; for request-duration those slower than the limit.'),
});
export type ArmCounts = z.infer<typeof ArmCounts>;

/** Rows of numbers, because a CRD has room for little else; `readEvidence` of the engine gives them names. */
export const EvidenceStatus = z.object({
  until: z.string().optional().describe('The newest measurement whose counts are in.'),
  counted: z
    .array(z.array(z.number()))
    .describe(
      'What is compared, a row for each share of the traffic that the judged revision has had: its requests and errors, requests and errors of stable, its errors that weigh nothing.',
    ),
  gatheringSince: z.string().optional().describe('Since when the counts of gathering are gathered.'),
  gathering: z
    .array(z.number())
    .optional()
    .describe('Counts since then: not every pod has been scraped since. Numbers as in counted.'),
  waiting: z
    .array(z.number())
    .optional()
    .describe(
      'Counts that wait to see whether stable stays steady: numbers as in counted, then 1 if it was not before.',
    ),
  unsteady: z.int().describe('Times left out because stable changed by itself.'),
  noise: z
    .array(z.number())
    .describe('Sum of the squared changes of stable, and what it would be if errors came singly.'),
  usual: z.array(z.number()).describe('Requests and errors of stable over its past and this run.'),
  hasHistory: z.boolean().describe('Whether the past of stable is in.'),
});
export type EvidenceStatus = z.infer<typeof EvidenceStatus>;
