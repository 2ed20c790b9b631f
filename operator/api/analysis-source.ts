// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { CheckArgs, Checks } from './analysis.ts';
import { Duration } from './duration.ts';
import { ObjectName } from './names.ts';
import { exactlyOneOf, type Rule, withRules } from './rules.ts';

export const ANALYSIS_RULES: readonly Rule<object>[] = [exactlyOneOf('templateRef', 'checks')];

/** Where an analysis has its checks from. */
export const analysisSource = {
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
