// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { ConfigPolicy } from './config-policy.ts';
import { Duration } from './duration.ts';
import { LabelName, ObjectName } from './names.ts';
import { celRules } from './rules.ts';

/** What a kind that releases one Deployment behind one Service calls itself, and the side that is new. */
export interface RolloutWords {
  readonly kind: string;
  readonly side: string;
}

/** What is released, and where its clients are. */
export function governedFields({ kind }: RolloutWords) {
  return {
    targetRef: z
      .object({
        kind: z.literal('Deployment').describe('Kind of the workload: Deployment.'),
        name: ObjectName('Name of the Deployment in this namespace.'),
      })
      .meta(
        celRules({
          rule: 'self == oldSelf',
          message: `targetRef cannot change; delete this ${kind} and make a new one`,
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
          message: `service cannot change; delete this ${kind} and make a new one`,
        }),
      )
      .describe(
        `Your Service: where clients are. While a ${kind} governs it, its selector also names a revision.`,
      ),
    replicas: z
      .int()
      .min(0)
      .max(10000)
      .optional()
      .describe(
        `Pods in all, 0 to 10000; the scale subresource, so an autoscaler may point at the ${kind}. Default: the replicas of the Deployment when it is adopted; Headway writes them here then, once, and never writes over a number.`,
      ),
    config: ConfigPolicy.optional().describe(
      'What of the config that the pod template names is kept with each revision. Default: its ConfigMaps, not its Secrets.',
    ),
  };
}

/** What is done when a release does not go well. */
export function failureFields({ side }: RolloutWords) {
  return {
    onFailure: z
      .enum(['Rollback', 'Pause'])
      .default('Rollback')
      .describe(
        `What is done when a check fails or progressDeadline is over. Rollback: all traffic goes back to stable, in one write. Pause: the weight is held until a person promotes, retries or aborts; a ${side} that is down is rolled back all the same. Default: Rollback.`,
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
  };
}

/** What follows a promotion; each kind says what is judged in it. */
export const Bake = z.object({
  duration: Duration({ min: '1s', max: '168h' }).describe('How long to bake, from 1s to 168h.'),
});

/** What holds beyond one release. */
export const lastingFields = {
  firstDeploy: z
    .enum(['Skip', 'Judge'])
    .default('Skip')
    .describe(
      'What is done with a first version: when the Deployment is adopted, the Service has no ready endpoint and the Deployment no available pod. Skip: it is adopted as it is. Judge: it is judged before the Service finds a pod of it; when a check fails or progressDeadline is over, the Service finds none. Where pods serve already it changes nothing. Default: Skip.',
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
};
