// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { CheckArgs, Checks } from './analysis.ts';
import { Duration } from './duration.ts';
import { LabelName, ObjectName } from './names.ts';
import { celRules, countPresent } from './rules.ts';

export const MAX_STEPS = 50;

const WeightInSteps = z.int().min(0).max(100);

const ANALYSIS_RULE = {
  rule: 'has(self.templateRef) != has(self.checks)',
  message: 'set exactly one of templateRef and checks',
};
const hasOneSourceOfChecks = (value: object) => countPresent(value, ['templateRef', 'checks']) === 1;

const analysisSource = {
  templateRef: z
    .object({ name: ObjectName('Name of an AnalysisTemplate in this namespace.') })
    .optional()
    .describe(
      'Checks from an AnalysisTemplate in this namespace. Exactly one of templateRef and checks is set.',
    ),
  checks: Checks('Checks written here, 1 to 10. Exactly one of templateRef and checks is set.').optional(),
  args: CheckArgs(
    'Values for the arguments of the checks; they win over the defaults of the template.',
  ).optional(),
};

export const StepAnalysis = z
  .object({
    ...analysisSource,
    duration: Duration({ min: '1s', max: '168h' })
      .optional()
      .describe(
        'How long to judge, from 1s to 168h; a check without a count measures as often as fits. Default: until each check has its count.',
      ),
  })
  .refine(hasOneSourceOfChecks, { message: ANALYSIS_RULE.message, path: ['templateRef'] })
  .meta(celRules(ANALYSIS_RULE));
export type StepAnalysis = z.infer<typeof StepAnalysis>;

const STEP_VERBS = ['setWeight', 'pause', 'analysis'] as const;
const STEP_RULES = [
  {
    rule: '[has(self.setWeight), has(self.pause), has(self.analysis)].filter(x, x).size() <= 1',
    message: 'a step does one thing: set only one of setWeight, pause and analysis',
    holds: (step: object) => countPresent(step, STEP_VERBS) <= 1,
  },
  {
    rule: 'has(self.setWeight) || has(self.pause) || has(self.analysis) || has(self.replicas)',
    message: 'an empty step: set one of setWeight, pause, analysis and replicas',
    holds: (step: object) => countPresent(step, [...STEP_VERBS, 'replicas']) >= 1,
  },
  {
    rule: '!has(self.replicas) || (!has(self.pause) && !has(self.analysis))',
    message: 'replicas stands alone or beside setWeight',
    holds: (step: object) =>
      countPresent(step, ['replicas']) === 0 || countPresent(step, ['pause', 'analysis']) === 0,
  },
] as const;

export const CanaryStep = z
  .object({
    setWeight: WeightInSteps.optional().describe(
      'Percent of the traffic for the canary, 0 to 100. The step ends when pods for it are ready and the route is confirmed.',
    ),
    replicas: z
      .int()
      .min(0)
      .max(10000)
      .optional()
      .describe(
        'Canary pods from this step on, where they must differ from what the weight implies, 0 to 10000. Alone or beside setWeight. Without a route (pods behind the Service) it is the split itself.',
      ),
    pause: z
      .object({
        duration: Duration({ min: '1s', max: '168h' })
          .optional()
          .describe('How long to wait, from 1s to 168h. Default: until somebody promotes.'),
      })
      .optional()
      .describe('Wait, for a duration or until somebody promotes.'),
    analysis: StepAnalysis.optional().describe('Judge the canary here; go on when every check has passed.'),
  })
  .superRefine((step, context) => {
    for (const { message, holds } of STEP_RULES)
      if (!holds(step)) context.addIssue({ code: 'custom', message });
  })
  .meta(celRules(...STEP_RULES.map(({ rule, message }) => ({ rule, message }))));
export type CanaryStep = z.infer<typeof CanaryStep>;

export const BackgroundAnalysis = z
  .object({
    ...analysisSource,
    startingStep: z
      .int()
      .min(0)
      .max(MAX_STEPS)
      .default(0)
      .describe('Index of the step at which judging in the background begins, counted from 0. Default: 0.'),
  })
  .refine(hasOneSourceOfChecks, { message: ANALYSIS_RULE.message, path: ['templateRef'] })
  .meta(celRules(ANALYSIS_RULE));
export type BackgroundAnalysis = z.infer<typeof BackgroundAnalysis>;

export const IngressTraffic = z.object({
  name: ObjectName(
    'Name of the Ingress that routes to the Service. It is read, never written: a second one, <name>-canary, carries the weight.',
  ),
  annotationPrefix: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
    .default('nginx.ingress.kubernetes.io')
    .describe(
      'Prefix of the canary annotations that the ingress controller reads. Default: nginx.ingress.kubernetes.io.',
    ),
});
export type IngressTraffic = z.infer<typeof IngressTraffic>;

export const Traffic = z.object({
  ingress: IngressTraffic.describe('Split the traffic by the canary annotations of an Ingress.'),
  settle: Duration({ min: '0s', max: '10m' })
    .default('5s')
    .describe(
      'How long after a change of the route its data plane surely follows it, from 0s to 10m; longer than the throttle of the controller. Default: 5s.',
    ),
});
export type Traffic = z.infer<typeof Traffic>;

const SPEC_RULES = [
  {
    rule: 'has(self.steps) != has(self.weights)',
    message: 'set exactly one of steps and weights',
    path: 'steps',
    holds: (spec: object) => countPresent(spec, ['steps', 'weights']) === 1,
  },
  {
    rule: 'has(self.weights) == has(self.interval)',
    message: 'weights and interval go together',
    path: 'interval',
    holds: (spec: object) => countPresent(spec, ['weights', 'interval']) !== 1,
  },
  {
    rule: '!has(self.weights) || (self.weights.isSorted() && self.weights.all(w, self.weights.exists_one(v, v == w)))',
    message: 'weights must rise: each greater than the one before',
    path: 'weights',
    holds: (spec: { weights?: readonly number[] | undefined }) =>
      spec.weights === undefined ||
      spec.weights.every((weight, i, all) => i === 0 || weight > (all[i - 1] ?? 0)),
  },
  {
    rule: '!has(self.analysis) || !has(self.analysis.startingStep) || !has(self.steps) || self.analysis.startingStep < self.steps.size()',
    message: 'analysis.startingStep must be the index of a step, counted from 0',
    path: 'analysis',
    holds: (spec: {
      analysis?: { startingStep: number } | undefined;
      steps?: readonly unknown[] | undefined;
    }) =>
      spec.analysis === undefined ||
      spec.steps === undefined ||
      spec.analysis.startingStep < spec.steps.length,
  },
] as const;

export const CanarySpec = z
  .object({
    targetRef: z
      .object({
        kind: z.literal('Deployment').describe('Kind of the workload: Deployment.'),
        name: ObjectName('Name of the Deployment in this namespace.'),
      })
      .meta(
        celRules({
          rule: 'self == oldSelf',
          message: 'targetRef cannot change; delete this Canary and make a new one',
        }),
      )
      .describe(
        'Your Deployment: the desired state. Its pod template is what gets released; its pods move to revisions <name>-<hash>.',
      ),
    service: z
      .object({ name: LabelName('Name of the Service in this namespace.') })
      .meta(
        celRules({
          rule: 'self == oldSelf',
          message: 'service cannot change; delete this Canary and make a new one',
        }),
      )
      .describe(
        'Your Service: where clients are. While a Canary governs it, its selector also names a revision.',
      ),
    replicas: z
      .int()
      .min(0)
      .max(10000)
      .optional()
      .describe(
        'Pods in all, 0 to 10000; the scale subresource, so an autoscaler may point at the Canary. Default: the replicas of the Deployment when it was adopted.',
      ),
    traffic: Traffic.optional().describe(
      'How traffic is split. Default: by the ratio of pods behind the Service.',
    ),
    steps: z
      .array(CanaryStep)
      .min(1)
      .max(MAX_STEPS)
      .optional()
      .describe(
        'The way from 0 to 100 percent, 1 to 50 steps; after the last one the canary is promoted. Exactly one of steps and weights is set.',
      ),
    weights: z
      .array(z.int().min(1).max(100))
      .min(1)
      .max(MAX_STEPS)
      .optional()
      .describe('Shorthand for steps: rising weights in percent, each followed by a pause of interval.'),
    interval: Duration({ min: '1s', max: '168h' })
      .optional()
      .describe('Pause after each of weights, from 1s to 168h.'),
    analysis: BackgroundAnalysis.optional().describe(
      'Checks that run beside the steps from startingStep on; a failed one rolls back at once. Default: none.',
    ),
    onNoData: z
      .enum(['Hold', 'Pause', 'Rollback'])
      .default('Pause')
      .describe(
        'What follows when metrics are missing for noDataDeadline; until then the weight is always held. Hold: hold on. Pause: wait for a person. Rollback: roll back. Default: Pause.',
      ),
    noDataDeadline: Duration({ min: '10s', max: '24h' })
      .default('10m')
      .describe('How long missing metrics are only held, from 10s to 24h. Default: 10m.'),
    progressDeadline: Duration({ min: '10s', max: '24h' })
      .default('10m')
      .describe(
        'How long a step may wait for ready pods or a confirmed route before the canary is rolled back, from 10s to 24h. Default: 10m.',
      ),
    scaleDownDelay: Duration({ min: '0s', max: '24h' })
      .default('30s')
      .describe('How long a revision outlives its last request, from 0s to 24h. Default: 30s.'),
    suspend: z
      .boolean()
      .default(false)
      .describe('true: hold everything as it is; nothing is written but status. Default: false.'),
  })
  .superRefine((spec, context) => {
    for (const { message, path, holds } of SPEC_RULES) {
      if (!holds(spec)) context.addIssue({ code: 'custom', path: [path], message });
    }
  })
  .meta(celRules(...SPEC_RULES.map(({ rule, message }) => ({ rule, message }))));
export type CanarySpec = z.infer<typeof CanarySpec>;
