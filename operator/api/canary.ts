// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { CheckArgs, Checks } from './analysis.ts';
import { ANALYSIS_RULES, SPEC_RULES, STEP_RULES } from './canary-rules.ts';
import { Duration } from './duration.ts';
import { RequestMatches } from './match.ts';
import { LabelName, ObjectName } from './names.ts';
import { celRules, withRules } from './rules.ts';
import { Traffic } from './traffic.ts';

export const MAX_STEPS = 50;

const WeightInSteps = z.int().min(0).max(100);

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

export const StepAnalysis = withRules(
  z.object({
    ...analysisSource,
    duration: Duration({ min: '1s', max: '168h' })
      .optional()
      .describe(
        'How long to judge, from 1s to 168h; a check without a count measures as often as fits. Default: until each check has its count.',
      ),
  }),
  ANALYSIS_RULES,
);
export type StepAnalysis = z.infer<typeof StepAnalysis>;

export const CanaryStep = withRules(
  z.object({
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
  }),
  STEP_RULES,
);
export type CanaryStep = z.infer<typeof CanaryStep>;

export const BackgroundAnalysis = withRules(
  z.object({
    ...analysisSource,
    startingStep: z
      .int()
      .min(0)
      .max(MAX_STEPS)
      .default(0)
      .describe('Index of the step at which judging in the background begins, counted from 0. Default: 0.'),
  }),
  ANALYSIS_RULES,
);
export type BackgroundAnalysis = z.infer<typeof BackgroundAnalysis>;

export const ConfigPolicy = z.object({
  configMaps: z
    .enum(['Versioned', 'Live'])
    .default('Versioned')
    .describe(
      'Versioned: each revision gets copies of the ConfigMaps that the pod template names, and a change of one is released like a change of the template. Live: revisions read them as they are. Default: Versioned.',
    ),
  secrets: z
    .enum(['Versioned', 'Live'])
    .default('Live')
    .describe(
      'The same for Secrets. Versioned needs the ClusterRole headway-config-secrets bound to the operator in this namespace. Default: Live.',
    ),
});
export type ConfigPolicy = z.infer<typeof ConfigPolicy>;

export const CanarySpec = withRules(
  z.object({
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
        'Pods in all, 0 to 10000; the scale subresource, so an autoscaler may point at the Canary. Default: the replicas of the Deployment when it is adopted; Headway writes them here then, once, and never writes over a number.',
      ),
    traffic: Traffic.optional().describe(
      'How traffic is split. Default: by the ratio of pods behind the Service.',
    ),
    match: RequestMatches.optional().describe(
      'Requests that go to the canary whatever its weight is, as long as a release is on its way, 1 to 8 alternatives. Behind an Ingress: one, of one header. Default: none.',
    ),
    config: ConfigPolicy.optional().describe(
      'What of the config that the pod template names is kept with each revision. Default: its ConfigMaps, not its Secrets.',
    ),
    steps: z
      .array(CanaryStep)
      .min(1)
      .max(MAX_STEPS)
      .optional()
      .describe(
        'The way from 0 to 100 percent, 1 to 50 steps; after the last one the canary is promoted. A step does one thing: setWeight (with or without replicas), replicas, pause or analysis. Exactly one of steps and weights is set.',
      ),
    weights: z
      .array(z.int().min(1).max(100))
      .min(1)
      .max(MAX_STEPS)
      .optional()
      .describe(
        'Shorthand for steps: 1 to 50 rising weights in percent, each from 1 to 100 and followed by a pause of interval; after the last one the canary is promoted. Exactly one of steps and weights is set.',
      ),
    interval: Duration({ min: '1s', max: '168h' })
      .optional()
      .describe(
        'Pause after each of weights, from 1s to 168h, such as 90s or 1h30m. Set with weights and only then.',
      ),
    analysis: BackgroundAnalysis.optional().describe(
      'Checks that run beside the steps from startingStep on. When one fails, onFailure is done at once, whatever the step. Default: none.',
    ),
    onFailure: z
      .enum(['Rollback', 'Pause'])
      .default('Rollback')
      .describe(
        'What is done when a check fails or progressDeadline is over. Rollback: all traffic goes back to stable, in one write. Pause: the weight is held until a person promotes, retries or aborts; a canary that is down is rolled back all the same. Default: Rollback.',
      ),
    onNoData: z
      .enum(['Hold', 'Pause', 'Rollback'])
      .default('Pause')
      .describe(
        'What is done when metrics are missing for noDataDeadline; until then the weight is always held. Hold: it is held on, until there are metrics. Pause: it is held until a person says otherwise. Rollback: all traffic goes back to stable. Default: Pause.',
      ),
    noDataDeadline: Duration({ min: '10s', max: '24h' })
      .default('10m')
      .describe(
        'How long missing metrics only hold the weight before onNoData is done, from 10s to 24h. Default: 10m.',
      ),
    progressDeadline: Duration({ min: '10s', max: '24h' })
      .default('10m')
      .describe(
        'How long a step, or the promotion, may wait for ready pods or a confirmed route before onFailure is done, from 10s to 24h. Default: 10m.',
      ),
    scaleDownDelay: Duration({ min: '0s', max: '24h' })
      .default('30s')
      .describe(
        'How long pods stay after the last request that can have reached them, from 0s to 24h; never less than traffic.settle and 3s. Default: 30s.',
      ),
    bake: z
      .object({
        duration: Duration({ min: '1s', max: '168h' }).describe('How long to bake, from 1s to 168h.'),
      })
      .optional()
      .describe(
        'After a promotion the checks of analysis go on for this long, and the old revision keeps all of its pods; when one fails, all traffic goes back to it at once, or as onFailure says. Default: the old revision goes after scaleDownDelay.',
      ),
    rollbackWindow: z
      .object({
        revisions: z
          .int()
          .min(1)
          .max(10)
          .describe('How many revisions that were stable last belong to the window, 1 to 10.'),
      })
      .optional()
      .describe(
        'A template that is set back to that of one of the last stable revisions gets all traffic without steps and checks. Default: it is released like any other.',
      ),
    releasePolicy: z
      .enum(['Any', 'Managed'])
      .default('Any')
      .describe(
        'When a new revision may start. Any: as soon as it is found. Managed: when it is admitted, by the action admit; until then all traffic stays on stable. Default: Any.',
      ),
    suspend: z
      .boolean()
      .default(false)
      .describe(
        'true: everything stays as it is; no traffic moves, nothing is judged, nothing but status is written. Default: false.',
      ),
  }),
  SPEC_RULES,
);
export type CanarySpec = z.infer<typeof CanarySpec>;
