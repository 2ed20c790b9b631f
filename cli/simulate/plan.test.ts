// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { goodBlueGreens } from '../../operator/api/blue-green.cases.ts';
import { goodCanaries } from '../../operator/api/canary.cases.ts';
import { linesOf, playOf } from './test-releases.ts';

const INGRESS = { ingress: { name: 'web' } };
const CHECK = { name: 'errors', provider: 'prom', query: 'errors', max: 1, interval: '10s' };
const STEPS = [{ setWeight: 20 }, { pause: { duration: '1m' } }, { setWeight: 50 }];

describe('the plan of a Canary', () => {
  it('behind an Ingress waits for the route to settle', () => {
    const simulation = playOf({ spec: { traffic: INGRESS, steps: STEPS } });
    expect(linesOf(simulation)).toEqual([
      'step 1 0..10 20% 2/10',
      'step 2 10..70 20% 2/10',
      'step 3 70..75 50% 5/10',
      'promotion 75..90 100% 10/10',
      'old pods 90..115 100% 10/10',
    ]);
    expect(simulation).toMatchObject({ outcome: 'promoted', promotedAfterMs: 90_000, endedAfterMs: 115_000 });
  });

  it('takes the settle time and the delay of the spec', () => {
    const spec = { traffic: { ...INGRESS, settle: '20s' }, steps: [{ setWeight: 20 }], scaleDownDelay: '1m' };
    expect(linesOf(playOf({ spec }))).toEqual([
      'step 1 0..40 20% 2/10',
      'promotion 40..100 100% 10/10',
      'old pods 100..140 100% 10/10',
    ]);
  });

  it('behind an ALB gives the canary its place first', () => {
    const spec = { traffic: { alb: { ingress: 'web' } }, steps: [{ setWeight: 20 }] };
    expect(linesOf(playOf({ spec }))[0]).toBe('step 1 0..120 20% 2/10');
  });

  it('without a route splits the pods, and those that leave drain', () => {
    const simulation = playOf({ spec: { steps: [{ setWeight: 20 }, { pause: { duration: '1m' } }] } });
    expect(linesOf(simulation)).toEqual([
      'step 1 0..0 20% 2/10',
      'step 2 0..60 20% 2/8',
      'promotion 60..60 100% 10/8',
      'old pods 60..90 100% 10/8',
    ]);
  });

  it('waits for pods that take their time, and for those that have to stay ready', () => {
    const steps = [{ setWeight: 20 }];
    const [first, promotion] = linesOf(
      playOf({ spec: { traffic: INGRESS, steps } }, { podStartMs: 30_000, minReadyMs: 15_000 }),
    );
    expect(first).toMatch(/^step 1 0\.\.[45]\d 20%/);
    expect(promotion).toMatch(/^promotion (\d+)\.\.\d+ 100%/);
    const slow = playOf({ spec: { traffic: INGRESS, steps } }, { podStartMs: 30_000, minReadyMs: 15_000 });
    const quick = playOf({ spec: { traffic: INGRESS, steps } });
    // two steps get new pods: the first one and the promotion
    expect((slow.promotedAfterMs ?? 0) - (quick.promotedAfterMs ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  it('counts pods as steps say them', () => {
    const steps = [
      { setWeight: 10, replicas: 4 },
      { replicas: 6 },
      { setWeight: 30 },
      { pause: { duration: '1s' } },
    ];
    const pods = playOf({ spec: { traffic: INGRESS, steps } }).parts.map((part) => part.pods.canary);
    expect(pods.slice(0, 2)).toEqual([4, 6]);
    expect(pods.at(-1)).toBe(10);
  });

  it('asks a person at once, and says so', () => {
    const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 50 }];
    const simulation = playOf({ spec: { traffic: INGRESS, steps } });
    expect(linesOf(simulation)[1]).toBe('step 2 10..10 20% 2/10 a person');
    expect(simulation.outcome).toBe('promoted');
  });

  it('is admitted by a person', () => {
    const simulation = playOf({ spec: { traffic: INGRESS, steps: STEPS, releasePolicy: 'Managed' } });
    expect(linesOf(simulation)[0]).toBe('waiting 0..0 0% 0/10 a person');
    expect(simulation.promotedAfterMs).toBe(90_000);
  });

  it('judges a step as often as its checks say, and names who judges when', () => {
    const analysis = {
      checks: [
        { ...CHECK, count: 4 },
        { ...CHECK, name: 'more', interval: '5s', initialDelay: '20s' },
      ],
    };
    const steps = [{ setWeight: 20 }, { analysis }, { setWeight: 50 }];
    const background = { checks: [{ ...CHECK, name: 'always' }], startingStep: 1 };
    const simulation = playOf({ spec: { traffic: INGRESS, steps, analysis: background } });
    expect(linesOf(simulation)).toEqual([
      'step 1 0..10 20% 2/10',
      'step 2 10..40 20% 2/10 errors more always',
      'step 3 40..45 50% 5/10 always',
      'promotion 45..60 100% 10/10 always',
      'old pods 60..85 100% 10/10',
    ]);
  });

  it('judges for as long as a duration says', () => {
    const steps = [{ setWeight: 20 }, { analysis: { checks: [CHECK], duration: '5m' } }];
    expect(linesOf(playOf({ spec: { traffic: INGRESS, steps } }))[1]).toBe('step 2 10..310 20% 2/10 errors');
  });

  it('takes checks from a template', () => {
    const steps = [{ setWeight: 20 }, { analysis: { templateRef: { name: 'errors' } } }];
    const templates = { errors: { checks: [{ ...CHECK, count: 3 }] } };
    expect(linesOf(playOf({ spec: { traffic: INGRESS, steps }, templates }))[1]).toBe(
      'step 2 10..30 20% 2/10 errors',
    );
  });

  it('bakes until the checks are good once more', () => {
    const analysis = { checks: [CHECK] };
    const spec = { traffic: INGRESS, steps: [{ setWeight: 20 }], analysis, bake: { duration: '1m5s' } };
    const [, promotion, bake] = linesOf(playOf({ spec }));
    expect(promotion).toBe('promotion 10..25 100% 10/10 errors');
    // a bake of 65 s, and a measurement every 10 s: the first one after it is over comes at 70 s
    expect(bake).toBe('bake 25..95 100% 10/10 errors');
  });

  it('says what it would do of a release that is suspended', () => {
    expect(playOf({ spec: { traffic: INGRESS, steps: STEPS, suspend: true } }).outcome).toBe('promoted');
  });

  it('waits as long as a spec can say', () => {
    const background = {
      checks: [{ name: 'rate', provider: 'prom', metric: 'request-success-rate', min: 99 }],
    };
    const steps = [{ setWeight: 20 }, { pause: { duration: '168h' } }];
    const simulation = playOf({
      spec: { traffic: INGRESS, steps, analysis: background, bake: { duration: '168h' } },
    });
    expect(simulation.promotedAfterMs).toBe(168 * 3_600_000 + 25_000);
  });
});

describe('the plan of a BlueGreen', () => {
  const prePromotion = { checks: [{ ...CHECK, count: 3 }] };

  it('previews, is promoted in one move, and keeps the old pods warm', () => {
    const spec = {
      prePromotion,
      autoPromoteAfter: '1m',
      bake: { duration: '5m' },
      postPromotion: { checks: [CHECK] },
    };
    expect(linesOf(playOf({ kind: 'BlueGreen', spec }))).toEqual([
      'step 1 0..0 0% 10/10',
      'step 2 0..20 0% 10/10 errors',
      'step 3 20..80 0% 10/10',
      'promotion 80..80 100% 10/10',
      'bake 80..380 100% 10/10 errors',
      'old pods 380..410 100% 10/10',
    ]);
  });

  it('has fewer pods before it is promoted', () => {
    const spec = { previewReplicas: 2, autoPromote: false };
    const [first, person, promotion] = linesOf(playOf({ kind: 'BlueGreen', spec }));
    expect(first).toBe('step 1 0..0 0% 2/10');
    expect(person).toBe('step 2 0..0 0% 2/10 a person');
    expect(promotion).toBe('promotion 0..0 100% 10/10');
  });

  it('moves the weight of a route in one write, each move confirmed', () => {
    const lines = linesOf(playOf({ kind: 'BlueGreen', spec: { traffic: INGRESS } }));
    expect(lines.at(-2)).toBe('promotion 10..25 100% 10/10');
  });
});

describe('every spec that is good', () => {
  const releases = [
    ...goodCanaries.map(({ title, spec }) => ({ kind: 'Canary' as const, title, spec })),
    ...goodBlueGreens.map(({ title, spec }) => ({ kind: 'BlueGreen' as const, title, spec })),
  ];
  const check = { name: 'any', tcp: { port: 80 } };

  it.each(releases)('$kind: $title: ends as promoted', ({ kind, spec }) => {
    const names = [...JSON.stringify(spec).matchAll(/"templateRef":\{"name":"([^"]+)"/g)].map(
      ([, name = '']) => name,
    );
    const templates = Object.fromEntries(names.map((name) => [name, { checks: [check] }]));
    const plain = JSON.parse(
      JSON.stringify(spec, (key, value: unknown) => (key === 'args' ? undefined : value)),
    ) as Record<string, unknown>;
    if (plain['replicas'] === 0) plain['replicas'] = 1;
    const few = JSON.parse(JSON.stringify(plain).replaceAll('10000', '10')) as Record<string, unknown>;
    const simulation = playOf({ kind, spec: few, templates }, { replicas: 3 });
    expect(simulation).toMatchObject({ outcome: 'promoted' });
    const times = simulation.parts.flatMap(({ fromMs, toMs }) => [fromMs, toMs ?? fromMs]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});
