// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { analysisSource, ANALYSIS_RULES, StepAnalysis } from './analysis-source.ts';
import { SPEC_RULES, STEP_RULES } from './canary-rules.ts';
import { Duration } from './duration.ts';
import { RequestMatches } from './match.ts';
import { Bake, failureFields, governedFields, lastingFields } from './rollout-spec.ts';
import { withRules } from './rules.ts';
import { Traffic } from './traffic.ts';

export const MAX_STEPS = 50;

const WeightInSteps = z.int().min(0).max(100);

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

const WORDS = { kind: 'Canary', side: 'canary' };

export const CanarySpec = withRules(
  z.object({
    ...governedFields(WORDS),
    traffic: Traffic.optional().describe(
      'How traffic is split. Default: by the ratio of pods behind the Service.',
    ),
    match: RequestMatches.optional().describe(
      'Requests that go to the canary whatever its weight is, as long as a release is on its way, 1 to 8 alternatives. Behind an Ingress: one, of one header. Default: none.',
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
    ...failureFields(WORDS),
    bake: Bake.optional().describe(
      'After a promotion the checks of analysis go on for this long, and the old revision keeps all of its pods; when one fails, all traffic goes back to it at once, or as onFailure says. Default: the old revision goes after scaleDownDelay.',
    ),
    ...lastingFields,
  }),
  SPEC_RULES,
);
export type CanarySpec = z.infer<typeof CanarySpec>;
