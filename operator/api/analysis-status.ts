// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { ArmCounts, EvidenceStatus } from './evidence-status.ts';

/** Why a sample is no evidence. */
export const NoDataReason = z.enum([
  'Empty',
  'NotANumber',
  'SeveralSeries',
  'Stale',
  'NoTraffic',
  'ProviderError',
  'ProviderTimeout',
  'ProviderNotFound',
  'NotAllowed',
  'BadQuery',
  'BothDegraded',
  'NoStable',
  'NoReadyPod',
  'JobRunning',
  'JobNotStarted',
]);
export type NoDataReason = z.infer<typeof NoDataReason>;

export const SampleStatus = z.object({
  at: z.string().describe('When the measurement was made.'),
  value: z
    .number()
    .optional()
    .describe('The measured number, 1 or 0 of a probe; absent when there was no evidence.'),
  stable: z.number().optional().describe('The same measured for the stable revision, where known.'),
  good: z
    .boolean()
    .optional()
    .describe(
      'Whether the value was within the limit; absent when there was no evidence, or too little to tell.',
    ),
  arms: z
    .object({
      canary: ArmCounts.describe('The judged revision.'),
      stable: ArmCounts.optional().describe('The stable revision; absent where it had no requests.'),
    })
    .optional()
    .describe('Requests and errors of both arms in the window, where the metric counts them.'),
  noData: NoDataReason.optional().describe('Why there was no evidence.'),
  detail: z.string().optional().describe('What the provider, the pods or the Job said.'),
});
export type SampleStatus = z.infer<typeof SampleStatus>;

export const CheckVerdict = z.enum(['Pending', 'Running', 'Passed', 'Failed', 'Holding']);
export type CheckVerdict = z.infer<typeof CheckVerdict>;

export const CheckStatus = z.object({
  name: z.string().describe('Name of the check.'),
  query: z.string().describe('The query as it was sent, or the probe in words.'),
  limit: z.string().optional().describe('What is good, in words.'),
  verdict: CheckVerdict.describe('Pending, Running, Passed, Failed or Holding.'),
  reason: z.string().optional().describe('Why, in one sentence.'),
  good: z.int().describe('Good measurements so far.'),
  bad: z.int().describe('Bad measurements so far.'),
  needed: z.int().optional().describe('Conclusive measurements needed; absent where the check has no end.'),
  noDataSince: z.string().optional().describe('Since when there has been no evidence.'),
  lastSampleAt: z.string().optional().describe('When the newest judged measurement was made.'),
  samples: z.array(SampleStatus).describe('The newest measurements, oldest first; bounded.'),
  evidence: EvidenceStatus.optional().describe(
    'What the comparison with the stable revision has counted; absent where nothing is compared.',
  ),
});
export type CheckStatus = z.infer<typeof CheckStatus>;

export const AnalysisRun = z.object({
  startedAt: z.string().describe('When judging began.'),
  step: z.int().optional().describe('The step it belongs to; absent for the analysis in the background.'),
  revision: z.string().describe('The revision that is judged.'),
  checks: z.array(CheckStatus).describe('One row for each check.'),
});
export type AnalysisRun = z.infer<typeof AnalysisRun>;
