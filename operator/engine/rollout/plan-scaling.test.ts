// SPDX-License-Identifier: Apache-2.0
// What an autoscaler does to a release: it changes spec.replicas at any moment, and both sides follow.
import { describe, expect, it } from '@jest/globals';
import { fromIso } from '../time.ts';
import type { FakeOperator } from './fake-operator.ts';
import { adopted, ask, atStep, changeSpec, releasing, said, shown } from './test-releases.ts';

/** Pods of both revisions that serve or will. */
function pods({ cluster }: FakeOperator): Record<string, number> {
  const sizes = [...cluster.revisions.values()].map(({ template, replicas }) => [template.hash, replicas]);
  return Object.fromEntries(sizes) as Record<string, number>;
}

const ROOMY = { steps: [{ setWeight: 40 }, { pause: { duration: '5m' } }, { setWeight: 80 }] };

describe.each([
  { route: true, at40: { aaa: 10, bbb: 4 }, fewer: { aaa: 3, bbb: 2 } },
  { route: 'user' as const, at40: { aaa: 10, bbb: 4 }, fewer: { aaa: 3, bbb: 2 } },
  { route: false, at40: { aaa: 6, bbb: 4 }, fewer: { aaa: 2, bbb: 1 } },
])('an autoscaler in a release, route: $route', ({ route, at40, fewer }) => {
  it('that asks for more gets pods on both sides, at the same weight', () => {
    const operator = atStep(1, { route, spec: ROOMY });
    changeSpec(operator, { replicas: 10 }).runFor(20_000);
    expect(pods(operator)).toEqual(at40);
    expect(operator.status).toMatchObject({ step: { index: 1 }, weight: { desired: 40, observed: 40 } });
    operator.runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ bbb: 10 });
  });

  it('that asks for fewer takes pods from both sides', () => {
    const operator = atStep(1, { route, spec: ROOMY });
    changeSpec(operator, { replicas: 3 }).runFor(30_000);
    expect(pods(operator)).toEqual(fewer);
    operator.runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ bbb: 3 });
  });

  it('keeps its number through a rollback', () => {
    const operator = changeSpec(atStep(1, { route, spec: ROOMY }), { replicas: 9 }).runFor(20_000);
    ask(operator, 'abort').runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 9 });
    expect(operator.cluster.canary.spec.replicas).toBe(9);
  });

  it('is followed while the new revision takes over', () => {
    const operator = releasing({ route }).runUntil(({ stage }) => stage === 'Promoting');
    changeSpec(operator, { replicas: 11 }).runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ bbb: 11 });
  });

  it('is followed while a person has paused the release, and the canary gets no greater share', () => {
    const operator = ask(atStep(1, { route, spec: ROOMY }), 'pause').runFor(1000);
    changeSpec(operator, { replicas: 10 }).runFor(60_000);
    expect(pods(operator)).toEqual(at40);
    expect(operator.status.pause?.by).toBe('User');
    expect(operator.status.weight).toMatchObject({ desired: 40, observed: 40 });
  });

  it('is followed while the target is missing', () => {
    const operator = atStep(1, { route, spec: ROOMY });
    operator.meanwhile((cluster) => void (cluster.target = undefined));
    changeSpec(operator, { replicas: 10 }).runFor(60_000);
    expect(pods(operator)).toEqual(at40);
    expect(shown(operator)).toBe('Holding: Ready=False TargetNotFound, Stalled');
  });

  it('that asks for more has the whole deadline for it', () => {
    const operator = releasing({ route, spec: { progressDeadline: '30s' } });
    operator.cluster.setTemplate({ hash: 'bad', broken: true });
    operator.runUntil(({ canary, step }) => canary?.revision === 'bad' && step?.waitingSince !== undefined);
    operator.runFor(20_000);
    const grownAt = operator.cluster.now;
    changeSpec(operator, { replicas: 12 });
    operator.runUntilIdle();
    expect(operator.status.failure?.reason).toBe('DeadlineExceeded');
    expect(fromIso(operator.status.failure?.at)).toBeGreaterThanOrEqual(grownAt + 30_000);
  });
});

describe('a split that is held', () => {
  it('gets no greater share by rounding', () => {
    const operator = ask(
      atStep(1, { route: false, spec: { steps: [{ setWeight: 25 }, { pause: {} }] } }),
      'pause',
    );
    operator.runFor(20_000);
    expect(pods(operator)).toEqual({ aaa: 4, bbb: 1 });
    changeSpec(operator, { replicas: 6 }).runFor(30_000);
    expect(pods(operator)).toEqual({ aaa: 5, bbb: 1 });
  });
});

describe('what the scale subresource says', () => {
  const names = (revisions: string): string =>
    `headway.dev/canary=web,headway.dev/revision in (${revisions}),headway.dev/serving=true`;

  it.each([{ route: true }, { route: false }])(
    'is about the pods that get requests, route: $route',
    ({ route }) => {
      const operator = adopted({ route });
      expect(operator.status).toMatchObject({ replicas: 5, selector: names('aaa') });
      operator.meanwhile((cluster) => cluster.setTemplate({ hash: 'bbb', version: '2.0' }));
      operator.runUntil(({ step }) => step?.index === 1);
      expect(operator.status.selector).toBe(names('aaa,bbb'));
      operator.runUntil(({ stable }) => stable?.revision === 'bbb');
      expect(pods(operator)['aaa']).toBeGreaterThan(0);
      expect(operator.status).toMatchObject({ replicas: 5, selector: names('bbb') });
    },
  );

  it('leaves out a revision that a bake keeps warm', () => {
    const operator = releasing({ route: true, spec: { bake: { duration: '1m' } } });
    operator.runUntil(({ stage }) => stage === 'Baking').runFor(5000);
    expect(pods(operator)).toEqual({ aaa: 5, bbb: 5 });
    expect(operator.status).toMatchObject({ replicas: 5, selector: names('bbb') });
  });

  it('is about the first revision while it is adopted', () => {
    const operator = adopted();
    delete operator.cluster.canary.status;
    operator.step();
    expect(operator.status.selector).toBe(names('aaa'));
    expect(said(operator)).toContain('all traffic on 1.0');
  });
});
