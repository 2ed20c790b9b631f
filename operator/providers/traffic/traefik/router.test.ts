// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { KubeObject } from '../../../kube/objects.ts';
import { beforeAnnotation } from '../weights/note.ts';
import { traefikRouter } from './router.ts';
import type { TraefikTarget } from './schema.ts';
import { SHAPES } from './service-shapes.ts';
import { editedBy, entries, PLAIN, serviceFrom, targetFor, written } from './test-objects.ts';

const { observe, planWeight, planRest } = traefikRouter;

const NOTE = '/metadata/annotations/headway.dev~1before-checkout';

function at(weight: number, object = serviceFrom(PLAIN)): KubeObject {
  return written(object, planWeight(targetFor(object), { weight })[0]);
}

function rested(object: KubeObject): KubeObject {
  return written(object, planRest(targetFor(object))[0]);
}

interface Entry {
  readonly name: string;
  readonly weight?: number;
}

function listOf({ spec }: KubeObject): Entry[] {
  return (spec as { weighted: { services: Entry[] } }).weighted.services;
}

function weightsOf(object: KubeObject): string {
  return listOf(object)
    .map(({ name, weight }) => `${name} ${weight ?? '-'}`)
    .join(', ');
}

function factsOf(object: KubeObject, more: Partial<TraefikTarget> = {}) {
  const { weight, exists, outdated, overwritten } = observe(targetFor(object, more));
  return { weight, exists, outdated, ...(overwritten && { overwritten }) };
}

describe('a TraefikService', () => {
  it.each(SHAPES)('$title: is split, and given back as it was', ({ spec, at20 }) => {
    const before = serviceFrom(spec);
    const split = at(20, before);
    expect(weightsOf(split)).toBe(at20);
    expect(factsOf(split)).toEqual({ weight: 20, exists: true, outdated: false });
    const after = rested(split);
    expect(after['spec']).toStrictEqual(before['spec']);
    expect(after.metadata.annotations ?? {}).toEqual({});
    expect(factsOf(after)).toEqual({ weight: 0, exists: false, outdated: false });
    expect(observe(targetFor(after)).problems).toEqual([]);
  });

  it.each(SHAPES)('$title: the canary’s entry has all that the Service’s has', ({ spec }) => {
    const [own, copy] = listOf(at(20, serviceFrom(spec))).filter(({ name }) =>
      /^checkout(-canary)?$/.test(name),
    );
    expect({ ...copy, name: 'checkout', weight: 0 }).toEqual({ ...own, weight: 0 });
  });

  it('is patched in its list alone, on the version that was read', () => {
    expect(planWeight(targetFor(serviceFrom(PLAIN)), { weight: 5 })).toEqual([
      {
        kind: 'patch',
        resource: 'traefikServices',
        namespace: 'shop',
        name: 'web',
        operations: [
          { op: 'test', path: '/metadata/resourceVersion', value: '8' },
          {
            op: 'replace',
            path: '/spec/weighted/services',
            value: [
              { name: 'checkout', port: 80, weight: 95 },
              { name: 'checkout-canary', port: 80, weight: 5 },
            ],
          },
          {
            op: 'add',
            path: '/metadata/annotations',
            value: { 'headway.dev/before-checkout': expect.stringContaining('"weight":5') },
          },
        ],
      },
    ]);
  });

  it('at weight 0 names no canary, and its place is noted', () => {
    const before = serviceFrom(PLAIN);
    const held = at(0, before);
    expect(held['spec']).toEqual(before['spec']);
    expect(factsOf(held)).toEqual({ weight: 0, exists: true, outdated: false });
    const back = at(0, at(50, before));
    expect(back['spec']).toEqual(before['spec']);
    expect(factsOf(back)).toEqual({ weight: 0, exists: true, outdated: false });
    expect(planRest(targetFor(back))[0]).toMatchObject({
      operations: [{ op: 'test' }, { op: 'remove', path: NOTE }],
    });
  });

  it('moves on from every weight, by one patch, and is read back as it was asked for', () => {
    const weight = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(
        fc.constantFrom(...SHAPES),
        fc.array(weight, { minLength: 1, maxLength: 5 }),
        ({ spec }, way) => {
          const before = serviceFrom(spec);
          let object = before;
          for (const next of way) {
            const writes = planWeight(targetFor(object), { weight: next });
            expect(writes.length).toBe(factsOf(object).exists && factsOf(object).weight === next ? 0 : 1);
            object = writes[0] ? written(object, writes[0]) : object;
            expect(factsOf(object)).toEqual({ weight: next, exists: true, outdated: false });
          }
          expect(rested(object)['spec']).toEqual(before['spec']);
        },
      ),
    );
  });

  it('is left alone while it is not there, is being deleted, or shares nothing by weight', () => {
    const deleting = serviceFrom(PLAIN);
    deleting.metadata.deletionTimestamp = '2026-11-21T10:00:00Z';
    const mirroring = serviceFrom('mirroring: {name: checkout, port: 80}');
    for (const object of [undefined, deleting, mirroring, entries(), entries('{name: other}')]) {
      expect(planWeight(targetFor(object), { weight: 5 })).toEqual([]);
      expect(planRest(targetFor(object))).toEqual([]);
      expect(observe(targetFor(object))).toMatchObject({ weight: 0, exists: false, outdated: false });
    }
  });

  it('never splits by a weight that is no percent', () => {
    expect(() => planWeight(targetFor(), { weight: 101 })).toThrow(RangeError);
  });

  it('with sticky clients says who does not follow the weight', () => {
    expect(observe(targetFor(serviceFrom(PLAIN))).exceptions).toEqual([]);
    const sticky = serviceFrom('weighted: {sticky: {cookie: {}}, services: [{name: checkout, port: 80}]}');
    expect(observe(targetFor(sticky)).exceptions).toEqual([
      'TraefikService web keeps clients with the Service that answered them first (weighted.sticky); their requests do not follow the weight',
    ]);
  });

  it('waits for nobody: it has no status', () => {
    expect(observe(targetFor(at(20)))).not.toHaveProperty('pending');
    expect(observe(targetFor(at(20))).matched).toBe(false);
  });
});

describe('a TraefikService that others write too', () => {
  const field = 'spec.weighted.services of TraefikService web';

  it('that somebody put back is overwritten, and split again', () => {
    const synced = editedBy('argocd', at(20), '[{name: checkout, port: 80}]');
    expect(factsOf(synced)).toEqual({
      weight: 0,
      exists: true,
      outdated: true,
      overwritten: { field, manager: 'argocd' },
    });
    expect(weightsOf(at(20, synced))).toBe('checkout 80, checkout-canary 20');
  });

  it('with another weight by hand is overwritten', () => {
    const edited = editedBy(
      'kubectl',
      at(20),
      '[{name: checkout, weight: 1}, {name: checkout-canary, weight: 1}]',
    );
    expect(factsOf(edited)).toMatchObject({ weight: 50, overwritten: { field, manager: 'kubectl' } });
  });

  it('with a new entry beside keeps it, in the split and at rest', () => {
    const edited = editedBy(
      'kubectl',
      at(20),
      '[{name: checkout, port: 80, weight: 80}, {name: checkout-canary, port: 80, weight: 20}, {name: more, weight: 100}]',
    );
    expect(factsOf(edited)).toEqual({ weight: 20, exists: true, outdated: true });
    expect(weightsOf(at(40, edited))).toBe('checkout 60, checkout-canary 40, more 100');
    expect(weightsOf(rested(at(40, edited)))).toBe('checkout 100, more 100');
  });

  it('where the Service was taken out and the canary left gets the Service back', () => {
    const edited = editedBy(
      'kubectl',
      at(20),
      '[{name: checkout-canary, port: 80, weight: 20}, {name: b, weight: 1}]',
    );
    expect(weightsOf(rested(edited))).toBe('checkout 20, b 1');
    expect(weightsOf(at(50, edited))).toBe('checkout 10, checkout-canary 10, b 1');
  });

  it('that lost its note is given back by its weights alone', () => {
    const object = at(20, entries('{name: checkout, weight: 6}', '{name: b, weight: 4}'));
    delete object.metadata.annotations?.[beforeAnnotation('checkout')];
    expect(factsOf(object)).toEqual({ weight: 20, exists: true, outdated: true });
    expect(weightsOf(rested(object))).toBe('checkout 30, b 20');
  });

  it('whose weights changed while nothing was split comes back with the new ones', () => {
    const edited = editedBy('argocd', at(0), '[{name: checkout, port: 80, weight: 3}, {name: b, weight: 1}]');
    expect(factsOf(edited)).toEqual({ weight: 0, exists: true, outdated: true });
    expect(weightsOf(rested(at(50, edited)))).toBe('checkout 3, b 1');
  });

  it('is split for two Canaries at once, each with a note of its own', () => {
    const shared = entries('{name: checkout, weight: 1}', '{name: cart, weight: 1}');
    const cart = { service: 'cart', canaryService: 'cart-canary' };
    const both = (() => {
      const first = at(50, shared);
      return written(first, planWeight(targetFor(first, cart), { weight: 50 })[0]);
    })();
    expect(weightsOf(both)).toBe('checkout 1, checkout-canary 1, cart 1, cart-canary 1');
    expect(factsOf(both)).toMatchObject({ weight: 50, exists: true });
    expect(factsOf(both, cart)).toMatchObject({ weight: 50, exists: true, outdated: false });
  });
});
