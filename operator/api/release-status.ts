// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

export const RevisionStatus = z.object({
  revision: z.string().describe('Hash that names the revision.'),
  version: z.string().optional().describe('Image tags of the revision, for people.'),
  since: z.string().optional().describe('When the revision took this role.'),
  routedSince: z
    .string()
    .optional()
    .describe(
      'Since when the EndpointSlices of the canary Service have held pods of this revision alone, beside its place in the route where that has to come first.',
    ),
  routed: z
    .boolean()
    .optional()
    .describe('Whether the data plane has had `settle` since then to hear of it. Absent: not yet.'),
});
export type RevisionStatus = z.infer<typeof RevisionStatus>;

export const FightStatus = z.object({
  count: z
    .int()
    .describe('How often somebody else overwrote it; after 3 it is left as it is for ten minutes.'),
  manager: z.string().optional().describe('Field manager of the last overwrite.'),
  at: z.string().describe('When it was last put back.'),
});

export const LastAction = z.object({
  verb: z.string().describe('The requested verb.'),
  revision: z.string().optional().describe('The revision that the request named.'),
  nonce: z
    .string()
    .describe('The nonce of the request; the same verb, revision and nonce are not obeyed again.'),
  at: z.string().describe('When it was answered.'),
  result: z.enum(['Accepted', 'Rejected']).describe('Accepted or Rejected.'),
  message: z.string().optional().describe('Why it was rejected.'),
});
export type LastAction = z.infer<typeof LastAction>;

export const ReleaseOutcome = z.enum(['Promoted', 'RolledBack', 'Superseded', 'Returned', 'Refused']);
export type ReleaseOutcome = z.infer<typeof ReleaseOutcome>;

export const HistoryEntry = z.object({
  revision: z.string().describe('The revision.'),
  version: z.string().optional().describe('Its image tags.'),
  outcome: ReleaseOutcome.describe(
    'Promoted, RolledBack, Superseded, Returned, or Refused (a first version).',
  ),
  reason: z.string().describe('Why, in one CamelCase word.'),
  message: z.string().describe('The verdict sentence.'),
  startedAt: z.string().optional().describe('When the release began.'),
  finishedAt: z.string().describe('When it ended.'),
  duration: z.string().optional().describe('How long it took, such as 12m30s.'),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;
