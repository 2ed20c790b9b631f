// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { ANALYSIS_RULES, analysisSource, StepAnalysis } from './analysis-source.ts';
import { BLUE_GREEN_RULES } from './blue-green-rules.ts';
import { Duration } from './duration.ts';
import { LabelName } from './names.ts';
import { Bake, failureFields, governedFields, lastingFields } from './rollout-spec.ts';
import { withRules } from './rules.ts';
import { Traffic } from './traffic.ts';

const WORDS = { kind: 'BlueGreen', side: 'preview' };

const PostPromotion = withRules(z.object(analysisSource), ANALYSIS_RULES);
export type PostPromotion = z.infer<typeof PostPromotion>;

export const BlueGreenSpec = withRules(
  z.object({
    ...governedFields(WORDS),
    traffic: Traffic.optional().describe(
      'What moves the traffic. Default: the selector of the Service, in one write. With a route its weight is moved from 0 to 100, and the Service follows.',
    ),
    previewService: z
      .object({ name: LabelName('Name of the preview Service, which Headway makes in this namespace.') })
      .optional()
      .describe(
        'The Service that finds the new pods before clients do; made from service, and pointing at the active pods when nothing is previewed. Default: the name of service and -preview.',
      ),
    previewReplicas: z
      .int()
      .min(1)
      .max(10000)
      .optional()
      .describe(
        'New pods until the promotion, 1 to 10000; before the traffic moves there are as many as replicas says. Default: all of replicas.',
      ),
    prePromotion: StepAnalysis.optional().describe(
      'Judge the preview before any client reaches it; when a check fails, onFailure is done. Default: ready pods suffice.',
    ),
    autoPromote: z
      .boolean()
      .default(true)
      .describe(
        'Whether the traffic moves by itself when prePromotion has passed. false: a person promotes. Default: true.',
      ),
    autoPromoteAfter: Duration({ min: '1s', max: '168h' })
      .optional()
      .describe(
        'How long the preview stands, after prePromotion has passed, until it is promoted by itself, from 1s to 168h; a person may promote before. Default: it is promoted at once.',
      ),
    ...failureFields(WORDS),
    bake: Bake.optional().describe(
      'After a promotion the old revision keeps all of its pods for this long, and postPromotion is judged; when a check fails, all traffic goes back to it at once, or as onFailure says. Default: the old revision goes after scaleDownDelay.',
    ),
    postPromotion: PostPromotion.optional().describe(
      'Checks that are judged during the bake. Default: none; the bake then only keeps the way back short.',
    ),
    ...lastingFields,
  }),
  BLUE_GREEN_RULES,
);
export type BlueGreenSpec = z.infer<typeof BlueGreenSpec>;
