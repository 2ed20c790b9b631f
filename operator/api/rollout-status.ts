// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { AnalysisRun } from './analysis-status.ts';
import { Condition } from './conditions.ts';
import { Reasons } from './reasons.ts';
import { FightStatus, HistoryEntry, LastAction, RevisionStatus } from './release-status.ts';

export const RolloutPhase = z.enum([
  'Pending',
  'Progressing',
  'Waiting',
  'Paused',
  'Holding',
  'Healthy',
  'RollingBack',
  'RolledBack',
  'Invalid',
  'Suspended',
]);
export type RolloutPhase = z.infer<typeof RolloutPhase>;

export const RolloutVerb = z.enum([
  'promote',
  'promote-full',
  'skip-step',
  'pause',
  'resume',
  'abort',
  'retry',
  'rollback',
  'admit',
]);
export type RolloutVerb = z.infer<typeof RolloutVerb>;

/** What the release is doing; it decides which facts the next step of the machine looks at. */
export const RolloutStage = z.enum([
  'Adopting',
  'Judging',
  'Refused',
  'Idle',
  'Waiting',
  'Stepping',
  'Promoting',
  'Baking',
  'Returning',
  'RollingBack',
  'RolledBack',
]);
export type RolloutStage = z.infer<typeof RolloutStage>;

/** The traffic of the new side, which kinds call by names of their own. */
export const TrafficWeight = z.object({
  desired: z.int().describe('Percent of the traffic that the canary should have.'),
  observed: z.int().describe('Percent of the traffic that the canary has, read back.'),
  setSince: z.string().optional().describe('Since when the route has carried the weight that it carries.'),
  route: z.int().optional().describe('The weight that was last read from the route.'),
  matched: z
    .boolean()
    .optional()
    .describe('Whether the requests of spec.match go to the canary, as last read from the route.'),
  unconfirmed: z.boolean().optional().describe('Whether a Gateway has still to take up what the route says.'),
  confirmedSince: z
    .string()
    .optional()
    .describe('Since when every Gateway that serves the route has taken it up.'),
});

/** What a Service was seen to name, and since when. */
function pinOf(service: string) {
  return z.object({
    selector: z.string().describe(`The pin that was last read from the selector of ${service}.`),
    since: z.string().describe('Since when it has been that.'),
    followedSince: z
      .string()
      .optional()
      .describe('Since when its EndpointSlices have held no pod that it does not name.'),
  });
}

export const RolloutStatus = z.object({
  observedGeneration: z
    .int()
    .default(-1)
    .describe('Generation of the spec that this status speaks of; -1 before the first look.'),
  phase: RolloutPhase.optional().describe(
    'Derived, for eyes: Pending, Progressing, Waiting, Paused, Holding, Healthy, RollingBack, RolledBack, Invalid or Suspended.',
  ),
  message: z.string().optional().describe('The verdict sentence: what is happening and why.'),
  next: z.string().optional().describe('What comes next, and when or on whose word.'),
  stage: RolloutStage.optional().describe(
    'What the state machine is at: Adopting, Judging (a first version), Refused (a first version), Idle, Waiting, Stepping, Promoting, Baking, Returning, RollingBack or RolledBack.',
  ),
  replicas: z
    .int()
    .optional()
    .describe('Pods that get requests, or will as soon as they are ready; for the scale subresource.'),
  selector: z.string().optional().describe('Label selector of these pods; for the scale subresource.'),
  specReplicas: z
    .int()
    .optional()
    .describe(
      'Pods in all, as they were last in force: those of the Deployment until it is adopted, then those of spec.replicas.',
    ),
  parked: z
    .boolean()
    .optional()
    .describe('Whether the pods of the Deployment itself were retired; its revisions serve.'),
  stable: RevisionStatus.optional().describe('The revision that is known to be good.'),
  canary: RevisionStatus.optional().describe(
    'The revision on its way, or the last one that was rolled back.',
  ),
  step: z
    .object({
      index: z.int().describe('Index of the current step, counted from 0.'),
      count: z.int().describe('Number of steps.'),
      position: z.string().describe('The same for eyes, as "3/6".'),
      hash: z.string().describe('Hash of the steps that the index belongs to.'),
      startedAt: z.string().describe('When the step began.'),
      waitingSince: z.string().optional().describe('Since when the step has waited for pods or the route.'),
    })
    .optional()
    .describe('Where the release is.'),
  previous: z
    .array(
      z.object({
        revision: z.string().describe('Hash that names the revision.'),
        version: z.string().optional().describe('Its image tags.'),
      }),
    )
    .optional()
    .describe('Revisions that were stable before and can be gone back to, newest first; bounded.'),
  weight: TrafficWeight.optional().describe('Traffic of the canary, desired and observed.'),
  pinned: pinOf('the Service').optional().describe('Which revision the Service names.'),
  previewPinned: pinOf('the preview Service')
    .optional()
    .describe('Which revision the preview Service names.'),
  drain: z
    .object({
      pods: z.int().describe('How many there are.'),
      since: z.string().describe('When the last of them left the EndpointSlices.'),
      which: z.string().optional().describe('Another text: other pods.'),
    })
    .optional()
    .describe('Pods that were taken out of the Service and have not ended yet.'),
  pause: z
    .object({
      by: z.enum(['Step', 'User', 'NoData', 'Failure']).describe('Step, User, NoData or Failure.'),
      since: z.string().describe('Since when.'),
      reason: z.string().optional().describe('What has failed, in one CamelCase word.'),
      message: z.string().optional().describe('What has failed, in one sentence.'),
    })
    .optional()
    .describe('Why the release waits for a person.'),
  bake: z
    .object({
      revision: z.string().describe('The revision before it, which is kept warm.'),
      version: z.string().optional().describe('Its image tags.'),
      startedAt: z.string().describe('When it began.'),
    })
    .optional()
    .describe('The bake of the stable revision, while it lasts.'),
  returning: z
    .object({
      by: z.enum(['Bake', 'User', 'Template']).describe('Bake, User or Template.'),
      template: z.string().describe('The revision that the template asked for when it was decided.'),
      restoredAt: z.string().optional().describe('When the traffic was given back.'),
    })
    .optional()
    .describe('Why all traffic goes back to a revision that was stable before.'),
  skipChecks: z
    .boolean()
    .optional()
    .describe('Whether a person asked for full promotion, so that checks no longer count.'),
  failure: z
    .object({
      reason: z.string().describe('Why, in one CamelCase word.'),
      message: z.string().describe('The evidence, in one sentence.'),
      at: z.string().describe('When it was decided.'),
      step: z.int().optional().describe('The step at which it failed.'),
      weight: z.int().optional().describe('The weight at which it failed.'),
      restoredAt: z.string().optional().describe('When all traffic was back on the stable revision.'),
    })
    .optional()
    .describe('Why the last release was rolled back; kept until the next one begins.'),
  analysis: z
    .object({
      step: AnalysisRun.optional().describe('The analysis of the current or last analysis step.'),
      background: AnalysisRun.optional().describe('The analysis that runs beside the steps.'),
    })
    .optional()
    .describe('What was measured and how it was judged.'),
  fights: z
    .record(z.string(), FightStatus)
    .optional()
    .describe(
      'Overwrites by others, by field. They count until ten minutes after the last one, or until somebody asks for a verb.',
    ),
  lastAction: LastAction.optional().describe('The last request of a person and its answer.'),
  allowedActions: z
    .array(RolloutVerb)
    .optional()
    .describe(
      'The verbs that make sense now. Ask for one by the annotation headway.dev/action: <verb>/<revision>/<any text>.',
    ),
  history: z.array(HistoryEntry).optional().describe('The last releases, newest first; bounded.'),
  conditions: z
    .array(Condition)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })
    .describe('Ready, Reconciling, Stalled, Paused, Promoted, RolledBack, Suspended.'),
});
export type RolloutStatus = z.infer<typeof RolloutStatus>;

const UNSEEN_MESSAGE = 'no operator has looked at it yet';

/** The status of a Canary, which has no preview Service. */
export const CanaryStatus = RolloutStatus.omit({ previewPinned: true });
export type CanaryStatus = z.infer<typeof CanaryStatus>;

/** What an object says until the operator has looked at it; a time that is not known is written as the Gateway API does. */
export const UNSEEN: RolloutStatus = {
  observedGeneration: -1,
  phase: 'Pending',
  message: UNSEEN_MESSAGE,
  conditions: [
    {
      type: 'Ready',
      status: 'Unknown',
      reason: Reasons.Pending,
      message: UNSEEN_MESSAGE,
      lastTransitionTime: '1970-01-01T00:00:00Z',
    },
  ],
};
