// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { objectOf } from './actions.ts';
import { BROKEN, FakeCluster, V2, V3 } from './fake-cluster.ts';
import { FakeOperator } from './fake-operator.ts';
import type { FakeRouteKind } from './fake-route.ts';
import { adopted, ask, atStep, changeSpec, deleteCanary } from './test-releases.ts';

/** Writes of one pass, the status among them; a pod that drains or comes back is one more. */
const MOST_IN_A_PASS = 3;
/** Writes to one object within one step; a pod goes and may come back. */
const MOST_TO_AN_OBJECT = 3;

interface Counted {
  inAPass: number;
  toAnObject: number;
  passes: number;
}

/** Lets a story go on to its end and counts what each pass writes, and what each object gets within a step. */
function count(operator: FakeOperator): Counted {
  const byObject = new Map<string, number>();
  const passes: string[][] = [];
  let goesOn = true;
  operator.takeWrites();
  while (goesOn) {
    const { stage, step, canary } = operator.cluster.canary.status ?? {};
    const before = operator.written;
    goesOn = operator.step();
    const writes = operator.takeWrites();
    for (const object of (operator.last?.actions ?? []).map(objectOf)) {
      const place = `${object} in ${stage} of ${canary?.revision}, step ${step?.index}`;
      byObject.set(place, (byObject.get(place) ?? 0) + 1);
    }
    if (operator.written - before > writes.length) writes.push('status');
    if (writes.length > 0) passes.push(writes);
  }
  const ofPods = /^(drain|return) /;
  return {
    inAPass: Math.max(...passes.map((writes) => writes.filter((text) => !ofPods.test(text)).length)),
    toAnObject: Math.max(0, ...byObject.values()),
    passes: passes.length,
  };
}

type Story = (route: FakeRouteKind) => FakeOperator;

const stories: [string, Story][] = [
  ['an adoption', (route) => new FakeOperator(new FakeCluster({ route }))],
  ['a release', (route) => adopted({ route }).meanwhile((cluster) => cluster.setTemplate(V2))],
  ['pods that never get ready', (route) => adopted({ route }).meanwhile((c) => c.setTemplate(BROKEN))],
  ['a newer template', (route) => atStep(3, { route }).meanwhile((cluster) => cluster.setTemplate(V3))],
  ['an abort', (route) => ask(atStep(3, { route }), 'abort')],
  ['promote-full', (route) => ask(atStep(1, { route }), 'promote-full')],
  ['fewer replicas', (route) => changeSpec(adopted({ route }), { replicas: 2 })],
  ['a deletion', (route) => deleteCanary(atStep(3, { route }))],
];

describe.each<{ route: FakeRouteKind }>([
  { route: true },
  { route: 'user' },
  { route: 'own' },
  { route: 'alb' },
  { route: false },
])('the cost in writes, route: $route', ({ route }) => {
  it.each(stories)('of %s', (_name, story) => {
    const counted = count(story(route));
    expect(counted.passes).toBeGreaterThan(1);
    expect(counted.inAPass).toBeLessThanOrEqual(MOST_IN_A_PASS);
    expect(counted.toAnObject).toBeLessThanOrEqual(MOST_TO_AN_OBJECT);
  });
});
