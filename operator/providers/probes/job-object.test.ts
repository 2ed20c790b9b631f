// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { jobObject } from './job-object.ts';
import { cronJob, question } from './test-jobs.ts';

interface JobSpec {
  readonly ttlSecondsAfterFinished: number;
  readonly activeDeadlineSeconds: number;
  readonly template: { readonly spec: { readonly [list: string]: { readonly env: object[] }[] } };
}

function specOf(parts?: Parameters<typeof cronJob>[0]): JobSpec {
  return jobObject(question, cronJob(parts))['spec'] as JobSpec;
}

describe('the Job of a check', () => {
  it('is what the CronJob would make, but with our name, owner and labels, and nothing that tracks it', () => {
    expect(jobObject(question, cronJob())).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: 'web-smoke-bcdfghjk',
        namespace: 'shop',
        labels: { team: 'shop', 'headway.dev/canary': 'web', 'headway.dev/check': 'smoke' },
        annotations: { note: 'x' },
        ownerReferences: [{ ...question.owner, controller: true }],
      },
      spec: {
        backoffLimit: 0,
        suspend: false,
        ttlSecondsAfterFinished: 86_400,
        activeDeadlineSeconds: 960,
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [
              {
                name: 'smoke',
                image: 'smoke:1',
                env: [
                  { name: 'HEADWAY_REVISION', value: 'new' },
                  { name: 'HEADWAY_SERVICE', value: 'web' },
                  { name: 'MODE', value: 'fast' },
                ],
              },
            ],
          },
        },
      },
    });
  });

  it('tells every container, whatever the template says of it', () => {
    const env = [{ name: 'HEADWAY_REVISION', value: 'mine' }];
    const { template } = specOf({
      pod: { containers: [{ name: 'a', env }, { name: 'b' }], initContainers: [{ name: 'i' }] },
    });
    const ours = Object.entries(question.env).map(([name, value]) => ({ name, value }));
    const { containers = [], initContainers = [] } = template.spec;
    expect([...containers, ...initContainers].map((container) => container.env)).toEqual([ours, ours, ours]);
  });

  it.each([
    [{}, 86_400, 960],
    [{ ttlSecondsAfterFinished: 60, activeDeadlineSeconds: 30 }, 60, 30],
    [{ ttlSecondsAfterFinished: 0, activeDeadlineSeconds: 1_000_000 }, 0, 960],
  ])('with %j is kept for %d s and runs for %d s', (spec, ttl, deadline) => {
    expect(specOf({ spec })).toMatchObject({ ttlSecondsAfterFinished: ttl, activeDeadlineSeconds: deadline });
  });
});
