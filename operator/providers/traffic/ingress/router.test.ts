// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../kube/objects.ts';
import { ingressRouter } from './router.ts';
import type { IngressTarget } from './schema.ts';
import { applied, changedBy, ingressFrom, live, PLAIN, PREFIX, targetFor } from './test-objects.ts';

const { observe, planWeight, planRest } = ingressRouter;

const WEIGHT = `${PREFIX}/canary-weight`;
const field = (key: string) => `metadata.annotations[${key}]`;

/** The user's Ingress and our canary Ingress at a weight, and what others did to it. */
function at(weight: number, change: (object: KubeObject) => KubeObject = (object) => object): IngressTarget {
  const fresh = targetFor(ingressFrom(PLAIN));
  const object = change(applied(planWeight(fresh, { weight })[0]));
  return { ...fresh, canaryIngress: live(object) };
}

describe('observe', () => {
  it('reads 0 without a canary Ingress', () => {
    expect(observe(targetFor(ingressFrom(PLAIN)))).toEqual({
      weight: 0,
      matched: false,
      exists: false,
      outdated: false,
      problems: [],
      exceptions: [],
    });
  });

  it.each([0, 1, 25, 99, 100])('reads %d back', (weight) => {
    expect(observe(at(weight))).toEqual({
      weight,
      matched: false,
      exists: true,
      outdated: false,
      problems: [],
      exceptions: [],
    });
  });

  it('reads the weight while the original is missing', () => {
    const facts = observe({ ...at(25), ingress: undefined });
    expect([facts.weight, facts.problems.map(({ reason }) => reason)]).toEqual([25, ['IngressNotFound']]);
    expect(facts.outdated).toBe(false);
  });

  it('reads no weight from a namesake', () => {
    const target = at(25);
    const facts = observe({ ...target, canary: { kind: 'Canary', name: 'checkout', uid: 'uid-newer' } });
    expect([facts.weight, facts.exists]).toEqual([0, false]);
    expect(facts.problems.map(({ reason }) => reason)).toEqual(['NameTaken']);
    expect(facts).not.toHaveProperty('overwritten');
  });

  it.each([
    {
      title: 'another weight',
      change: { annotations: { [WEIGHT]: '80' } },
      weight: 80,
      outdated: false,
      overwritten: { field: field(WEIGHT), manager: 'kubectl-annotate', isWeight: true },
    },
    {
      title: 'a weight that is no number',
      change: { annotations: { [WEIGHT]: '25%' } },
      weight: 0,
      overwritten: { field: field(WEIGHT), manager: 'kubectl-annotate', isWeight: true },
    },
    {
      title: 'a weight taken away, which leaves no name behind',
      change: { annotations: { [WEIGHT]: undefined } },
      weight: 0,
      overwritten: { field: field(WEIGHT), isWeight: true },
    },
    {
      title: 'another total',
      change: { annotations: { [`${PREFIX}/canary-weight-total`]: '1000' } },
      weight: 3,
      overwritten: { field: field(`${PREFIX}/canary-weight-total`), manager: 'kubectl-annotate' },
    },
    {
      title: 'the pairing taken away',
      change: { annotations: { [`${PREFIX}/canary`]: 'false' } },
      weight: 25,
      overwritten: { field: field(`${PREFIX}/canary`), manager: 'kubectl-annotate' },
    },
    {
      title: 'a header that skips the weight',
      change: { annotations: { [`${PREFIX}/canary-by-header`]: 'x-canary' } },
      weight: 25,
      overwritten: { field: field(`${PREFIX}/canary-by-header`), manager: 'kubectl-annotate' },
    },
    {
      title: 'other rules',
      change: { spec: { rules: [] } },
      weight: 25,
      overwritten: { field: 'spec.rules', manager: 'kubectl-annotate' },
    },
    {
      title: 'the weight before all else',
      change: { annotations: { [WEIGHT]: '1' }, spec: { rules: [] } },
      weight: 1,
      overwritten: { field: field(WEIGHT), manager: 'kubectl-annotate' },
    },
  ])('sees $title', ({ change, weight, overwritten, outdated = true }) => {
    const target = at(25, (object) => changedBy('kubectl-annotate', object, change));
    const facts = observe(target);
    expect(facts.weight).toBe(weight);
    expect(facts.overwritten).toEqual(overwritten);
    expect(facts.outdated).toBe(outdated);
  });

  it.each([
    ['a note of a controller', { annotations: { 'example.com/note': 'seen' } }],
    ['an empty canary annotation', { annotations: { [`${PREFIX}/canary-by-header`]: '' } }],
  ])('does not mind %s', (_, change) => {
    const target = at(25, (object) => changedBy('some-controller', object, change));
    expect(observe(target)).not.toHaveProperty('overwritten');
    expect(planWeight(target, { weight: 25 })).toEqual([]);
  });
});

describe('planWeight', () => {
  it('makes the canary Ingress, whole', () => {
    const [write, ...more] = planWeight(targetFor(ingressFrom(PLAIN)), { weight: 0 });
    expect(more).toEqual([]);
    expect(write).toEqual({
      kind: 'apply',
      resource: 'ingresses',
      object: expect.objectContaining({
        kind: 'Ingress',
        metadata: expect.objectContaining({
          name: 'web-canary',
          annotations: expect.objectContaining({ [WEIGHT]: '0' }) as unknown,
        }) as unknown,
      }) as unknown,
    });
  });

  it.each([0, 5, 100])('writes nothing at %d when it is so already', (weight) => {
    expect(planWeight(at(weight), { weight })).toEqual([]);
  });

  it('moves with one write that changes nothing but the weight', () => {
    const [write] = planWeight(at(5), { weight: 25 });
    const before = applied(planWeight(targetFor(ingressFrom(PLAIN)), { weight: 5 })[0]);
    const after = applied(write);
    expect(after.metadata.annotations?.[WEIGHT]).toBe('25');
    if (after.metadata.annotations) after.metadata.annotations[WEIGHT] = '5';
    expect(after).toEqual(before);
  });

  it('keeps the route at 0', () => {
    const object = applied(planWeight(at(100), { weight: 0 })[0]);
    expect(object.metadata.annotations?.[WEIGHT]).toBe('0');
  });

  it.each([-1, 101, 5.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (weight) => {
    expect(() => planWeight(targetFor(ingressFrom(PLAIN)), { weight })).toThrow(
      new RangeError(`a weight is an integer from 0 to 100, not ${weight}`),
    );
  });

  it.each([
    [
      'a path more',
      PLAIN.replace(
        'paths: [',
        'paths: [{path: /new, pathType: Exact, backend: {service: {name: checkout}}}, ',
      ),
    ],
    ['another host', PLAIN.replace('shop.example.com', 'www.example.com')],
    ['TLS', `${PLAIN}  tls: [{hosts: [shop.example.com], secretName: shop}]\n`],
    ['another class', PLAIN.replace('ingressClassName: nginx', 'ingressClassName: traefik')],
    ['an annotation', `metadata: {annotations: {nginx.ingress.kubernetes.io/rewrite-target: /}}${PLAIN}`],
    ['a label', `metadata: {labels: {team: shop}}${PLAIN}`],
  ])('follows the original at the same weight: %s', (_, yaml) => {
    const target = { ...targetFor(ingressFrom(yaml)), canaryIngress: at(25).canaryIngress };
    expect(observe(target)).toMatchObject({ outdated: true, problems: [] });
    const object = applied(planWeight(target, { weight: 25 })[0]);
    expect(object.metadata.annotations?.[WEIGHT]).toBe('25');
    const settled = { ...target, canaryIngress: live(object) };
    expect(planWeight(settled, { weight: 25 })).toEqual([]);
  });

  it('takes away what the original no longer has', () => {
    const rich = `metadata: {labels: {team: shop}, annotations: {example.com/a: b}}${PLAIN}  tls: [{secretName: all}]\n`;
    const before = applied(planWeight(targetFor(ingressFrom(rich)), { weight: 25 })[0]);
    const target = { ...targetFor(ingressFrom(PLAIN)), canaryIngress: live(before) };
    const after = applied(planWeight(target, { weight: 25 })[0]);
    expect(after.metadata.annotations).not.toHaveProperty('example.com/a');
    expect(after.metadata.labels).not.toHaveProperty('team');
    expect(after['spec']).not.toHaveProperty('tls');
  });

  it.each([
    ['the weight', { annotations: { [WEIGHT]: '80' } }],
    ['the weight, removed', { annotations: { [WEIGHT]: undefined } }],
    ['the pairing', { annotations: { [`${PREFIX}/canary`]: 'false' } }],
    ['the rules', { spec: { rules: [] } }],
  ])('takes back %s with one write', (_, change) => {
    const target = at(25, (object) => changedBy('kubectl-edit', object, change));
    const object = applied(planWeight(target, { weight: 25 })[0]);
    expect(observe({ ...target, canaryIngress: live(object) })).toEqual(observe(at(25)));
  });

  it('leaves a weight that is as wanted to who wrote it: two that own the same value would flap', () => {
    const target = at(25, (object) => changedBy('kubectl-edit', object, { annotations: { [WEIGHT]: '25' } }));
    expect(planWeight(target, { weight: 25 })).toEqual([]);
    const object = applied(planWeight(target, { weight: 50 })[0]);
    expect(observe({ ...target, canaryIngress: live(object) })).toEqual(observe(at(50)));
  });

  it('empties what it cannot remove, then lets it go', () => {
    const header = `${PREFIX}/canary-by-header`;
    const target = at(25, (object) => changedBy('kubectl-edit', object, { annotations: { [header]: 'x' } }));
    const emptied = applied(planWeight(target, { weight: 25 })[0]);
    expect(emptied.metadata.annotations?.[header]).toBe('');
    const next = { ...target, canaryIngress: live(emptied) };
    const gone = applied(planWeight(next, { weight: 25 })[0]);
    expect(gone.metadata.annotations).not.toHaveProperty([header]);
    expect(planWeight({ ...next, canaryIngress: live(gone) }, { weight: 25 })).toEqual([]);
  });

  it('gives the owner back to what Headway applied', () => {
    const target = at(25, (object) => {
      delete object.metadata.ownerReferences;
      return object;
    });
    expect(observe(target)).toEqual({ ...observe(at(25)), outdated: true });
    expect(applied(planWeight(target, { weight: 25 })[0]).metadata.ownerReferences).toHaveLength(1);
  });

  it.each([
    ['is missing', undefined],
    ['leads elsewhere', ingressFrom('spec: {rules: []}')],
  ])('with an original that %s: no weight up, and 0 removes the canary Ingress', (_, ingress) => {
    const target = { ...targetFor(ingress), canaryIngress: at(25).canaryIngress };
    expect(planWeight(target, { weight: 50 })).toEqual([]);
    expect(planWeight(target, { weight: 25 })).toEqual([]);
    expect(planWeight(target, { weight: 0 })).toEqual(planRest(target));
    expect(planWeight(targetFor(ingress), { weight: 0 })).toEqual([]);
  });

  it('never touches a namesake', () => {
    const target = { ...at(25), canary: { kind: 'Canary', name: 'checkout', uid: 'uid-newer' } };
    expect([planWeight(target, { weight: 50 }), planWeight(target, { weight: 0 }), planRest(target)]).toEqual(
      [[], [], []],
    );
  });
});

describe('planRest', () => {
  it('deletes the canary Ingress by its uid', () => {
    expect(planRest(at(0))).toEqual([
      { kind: 'delete', resource: 'ingresses', namespace: 'shop', name: 'web-canary', uid: 'uid-web-canary' },
    ]);
  });

  it.each([
    ['there is none', targetFor(ingressFrom(PLAIN))],
    [
      'it is going already',
      at(0, (object) => ({ ...object, metadata: { ...object.metadata, deletionTimestamp: 'now' } })),
    ],
  ])('does nothing when %s', (_, target) => {
    expect(planRest(target)).toEqual([]);
  });
});
