// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { JobQuestion } from '../../engine/analysis/probe-types.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { withoutTracking } from '../traffic/tracking.ts';

/** How long after its end a Job can be looked at, unless its CronJob says otherwise. */
const TTL_SECONDS = 86_400;

/** A Job that nobody looks at any more ends by itself: this long after its timeout, in which its pod may be waited for. */
const START_GRACE_MS = 15 * 60_000;

const Env = z.looseObject({ name: z.string() });
const Container = z.looseObject({ env: z.array(Env).nullish() });
const Words = z.record(z.string(), z.string()).nullish();

const CronJobShape = z.looseObject({
  spec: z.looseObject({
    jobTemplate: z.looseObject({
      metadata: z.looseObject({ labels: Words, annotations: Words }).nullish(),
      spec: z.looseObject({
        ttlSecondsAfterFinished: z.number().nullish(),
        activeDeadlineSeconds: z.number().nullish(),
        template: z.looseObject({
          spec: z.looseObject({
            containers: z.array(Container),
            initContainers: z.array(Container).nullish(),
          }),
        }),
      }),
    }),
  }),
});

/**
 * The Job of a question, from the template of its CronJob: named and owned as the question says, with what it learns in
 * the environment of each container, and bounded in time, while it runs and after. Throws a ZodError for what is no CronJob.
 */
export function jobObject(question: JobQuestion, cronJob: KubeObject): KubeObject {
  const { metadata, spec } = CronJobShape.parse(cronJob).spec.jobTemplate;
  const { template } = spec;
  const { containers, initContainers } = template.spec;
  const withEnv = (list: readonly z.infer<typeof Container>[]) =>
    list.map((container) => ({ ...container, env: envWith(container.env ?? [], question.env) }));
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: question.name,
      namespace: question.namespace,
      labels: { ...withoutTracking(metadata?.labels ?? {}), ...question.labels },
      annotations: withoutTracking(metadata?.annotations ?? {}),
      ownerReferences: [{ ...question.owner, controller: true }],
    },
    spec: {
      ...spec,
      suspend: false,
      ttlSecondsAfterFinished: spec.ttlSecondsAfterFinished ?? TTL_SECONDS,
      activeDeadlineSeconds: Math.min(
        spec.activeDeadlineSeconds ?? Number.POSITIVE_INFINITY,
        Math.ceil((question.timeoutMs + START_GRACE_MS) / 1000),
      ),
      template: {
        ...template,
        spec: {
          ...template.spec,
          containers: withEnv(containers),
          ...(initContainers ? { initContainers: withEnv(initContainers) } : {}),
        },
      },
    },
  };
}

/** First, so that others can refer to it by $(HEADWAY_REVISION); and ours, whatever the template says. */
function envWith(env: readonly z.infer<typeof Env>[], ours: JobQuestion['env']): object[] {
  const known = Object.entries(ours).map(([name, value]) => ({ name, value }));
  return [...known, ...env.filter(({ name }) => ours[name] === undefined)];
}
