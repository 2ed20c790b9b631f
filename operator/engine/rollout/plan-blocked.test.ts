// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { AnalysisTemplateSpec } from '../../api/analysis.ts';
import { type FakeClusterOptions, V2 } from './fake-cluster.ts';
import type { FakeOperator } from './fake-operator.ts';
import type { FakeRouteKind } from './fake-route.ts';
import { adopted, atStep, changeSpec, releasing, said, shown, takeEvents } from './test-releases.ts';

const BLOCKED = 'Holding: Ready=False TemplateNotFound, Stalled';
const GONE = { analysis: { templateRef: { name: 'gone' }, startingStep: 0 } };
const SELECTOR = 'the selector of Service checkout';
const ROUTES: { route: FakeRouteKind }[] = [
  { route: true },
  { route: 'user' },
  { route: 'own' },
  { route: false },
];
const SPLITS = ROUTES.filter(({ route }) => route !== false);

/** An analysis in the background that nobody can ask. */
function block(operator: FakeOperator): FakeOperator {
  const { match } = operator.cluster.canary.spec;
  changeSpec(operator, { ...GONE, ...(match && { match }) }).runFor(10_000);
  expect(shown(operator)).toBe(BLOCKED);
  operator.takeWrites();
  operator.events.length = 0;
  operator.auditor.excused = true;
  return operator;
}

function blockedAt(index: number, options: FakeClusterOptions): FakeOperator {
  return block(atStep(index, options).runFor(5000));
}

function unpin({ cluster }: FakeOperator): void {
  cluster.pin({ kind: 'none' }, 'argocd');
}

function after(operator: FakeOperator, act: (operator: FakeOperator) => void): FakeOperator {
  return operator.meanwhile(() => act(operator)).runFor(10_000);
}

describe.each(ROUTES)('while an analysis cannot be asked, route: $route', ({ route }) => {
  it('a selector that somebody overwrites is put back', () => {
    const operator = after(blockedAt(1, { route }), unpin);
    const wanted = route === false ? 'all revisions' : 'revision aaa';
    expect(operator.takeWrites()).toEqual([`checkout -> ${wanted}`]);
    expect(shown(operator)).toBe(BLOCKED);
    expect(takeEvents(operator)).toEqual([
      `Warning TrafficOverwritten: argocd changed ${SELECTOR} from ${wanted} to none; put back (1 of 3)`,
    ]);
  });

  it('the canary gets no more than it had, and nothing else is written', () => {
    const operator = blockedAt(1, { route }).runFor(3_600_000);
    expect(operator.takeWrites()).toEqual([]);
    expect(operator.status).toMatchObject({ stage: 'Stepping', step: { index: 1 } });
  });

  it('a release that has not begun writes nothing', () => {
    const operator = adopted({ route });
    changeSpec(operator, { ...GONE, match: operator.cluster.canary.spec.match }).runFor(10_000);
    operator.takeWrites();
    operator.meanwhile((cluster) => cluster.setTemplate(V2)).runFor(600_000);
    expect(shown(operator)).toBe(BLOCKED);
    expect(operator.takeWrites()).toEqual([]);
  });

  it('both are said where somebody keeps overwriting', () => {
    const operator = blockedAt(1, { route });
    for (let time = 0; time < 4; time++) after(operator, unpin);
    expect(shown(operator)).toBe(BLOCKED);
    expect(said(operator)).toMatch(
      /gone is not in .*; argocd keeps changing the selector of Service checkout to/,
    );
  });

  it('a selector that is overwritten in a bake is put back', () => {
    const operator = releasing({ route, spec: { bake: { duration: '10m' } } });
    operator.runUntil(({ stage }) => stage === 'Baking').runFor(20_000);
    after(block(operator), unpin);
    expect(operator.takeWrites()).toEqual(['checkout -> revision bbb']);
    expect(operator.status.stage).toBe('Baking');
  });
});

describe.each(SPLITS)('a weight that somebody overwrites meanwhile, route: $route', ({ route }) => {
  const match = route === true ? '' : ' and match';

  it.each([0, 5, 80, 100])('to %i goes back to what it was', (weight) => {
    const operator = blockedAt(1, { route });
    after(operator, ({ cluster }) => cluster.overwriteWeight(weight, 'kubectl-edit'));
    expect(operator.takeWrites()).toEqual([`weight 20${match}`]);
    expect(shown(operator)).toBe(BLOCKED);
  });

  it('goes back to the whole in a promotion, and the Service is not flipped', () => {
    const operator = releasing({ route }).runUntil(({ weight }) => weight?.route === 100);
    after(block(operator), ({ cluster }) => cluster.overwriteWeight(40, 'kubectl-edit'));
    expect(operator.takeWrites()).toEqual([`weight 100${match}`]);
    expect(operator.status).toMatchObject({ stage: 'Promoting', pinned: { selector: 'revision aaa' } });
  });
});

describe('the time in which an analysis cannot be asked', () => {
  it('does not count against the deadline of a motion', () => {
    const operator = releasing({ route: true, spec: { progressDeadline: '1m' } }).runFor(100);
    const { cluster } = operator;
    changeSpec(operator, GONE).runFor(600_000);
    expect(shown(operator)).toBe(BLOCKED);
    operator.meanwhile(() => {
      cluster.templates = {
        gone: AnalysisTemplateSpec.parse({
          checks: [{ name: 'errors', provider: 'prometheus', query: 'errors', max: 1, interval: '2s' }],
        }),
      };
    });
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});

describe('whatever others do to the traffic while an analysis cannot be asked', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))('is put back in the end, seed %i', (seed) => {
    const random = randomOf(seed);
    const { route } = ROUTES[Math.floor(random() * ROUTES.length)] ?? { route: true };
    const operator = blockedAt(random() < 0.5 ? 1 : 3, { route });
    const { cluster } = operator;
    const before = shapeOf(operator);
    const acts = [
      () => unpin(operator),
      () => cluster.pin({ kind: 'revision', revision: 'bbb' }, 'argocd'),
      ...(route === false ? [] : [() => cluster.overwriteWeight(Math.floor(random() * 101), 'argocd')]),
    ];
    for (let time = 0; time < 3; time++) {
      operator.meanwhile(() => acts[Math.floor(random() * acts.length)]?.());
      operator.runFor(Math.floor(random() * 8000));
    }
    operator.runFor(30_000);
    expect(shapeOf(operator)).toEqual(before);
    expect(shown(operator)).toBe(BLOCKED);
  });
});

/** What traffic hangs on. */
function shapeOf({ cluster, status }: FakeOperator): object {
  const { route, service, canaryService, revisions } = cluster;
  return {
    weight: route?.weight,
    matched: route?.matched,
    pin: service?.pin,
    endpoints: [service?.endpoints, canaryService?.endpoints],
    replicas: [...revisions.values()].map(({ name, replicas }) => `${name} ${replicas}`),
    step: status.step?.index,
  };
}

/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
