// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../kube/objects.ts';
import { traefikRouter } from './router.ts';
import { entries, serviceFrom, targetFor, written } from './test-objects.ts';

const { observe, planWeight } = traefikRouter;

function problemsOf(object?: KubeObject, isServed = true): string[] {
  const { problems } = observe(targetFor(object, { isServed }));
  return problems.map(({ reason, message }) => `${reason}: ${message}`);
}

describe('a TraefikService that cannot be split', () => {
  it('is one that is not there, or about to go', () => {
    expect(problemsOf()).toEqual(['RouteNotFound: TraefikService web does not exist in namespace shop']);
    const deleting = entries('{name: checkout}');
    deleting.metadata.deletionTimestamp = '2026-11-21T10:00:00Z';
    expect(problemsOf(deleting)).toEqual([
      'RouteNotFound: TraefikService web is being deleted in namespace shop',
    ]);
  });

  it('is one whose kind is not served, as long as it is not', () => {
    expect(problemsOf(undefined, false)).toEqual([
      'RouteKindNotServed: the API server does not serve TraefikService (traefik.io/v1alpha1); install the CRDs of Traefik, they are taken up within a minute',
    ]);
  });

  it.each([
    [
      'mirrors',
      'mirroring: {name: checkout, port: 80, mirrors: [{name: shadow, port: 80, percent: 10}]}',
      'TraefikService web has mirroring and no weighted.services, so no weight can be moved; let its mirroring name a TraefikService that has, and name that one, with an entry for Service checkout',
    ],
    [
      'hashes clients',
      'highestRandomWeight: {services: [{name: checkout, port: 80}]}',
      'TraefikService web has highestRandomWeight and no weighted.services, so no weight can be moved; let its highestRandomWeight name a TraefikService that has, and name that one, with an entry for Service checkout',
    ],
    [
      'has an empty spec',
      '{}',
      'TraefikService web has no weighted.services, so no weight can be moved; add them, with an entry for Service checkout',
    ],
    [
      'has weighted without services',
      'weighted: {sticky: {cookie: {}}}',
      'TraefikService web has no weighted.services, so no weight can be moved; add them, with an entry for Service checkout',
    ],
    [
      'has no entries',
      'weighted: {services: []}',
      'no entry of weighted.services of TraefikService web names Service checkout; it is empty',
    ],
    [
      'names others, nested ones and namesakes',
      'weighted: {services: [{name: checkout, kind: TraefikService}, {name: checkout, namespace: other, port: 80}, {name: a}]}',
      'no entry of weighted.services of TraefikService web names Service checkout; it names TraefikService checkout, Service checkout in namespace other, Service a',
    ],
    [
      'gives it nothing',
      'weighted: {services: [{name: checkout, weight: 0}, {name: a, weight: 0}]}',
      'TraefikService web gives Service checkout weight 0; there is nothing to shift',
    ],
    [
      'goes by node ports',
      'weighted: {services: [{name: checkout, nodePortLB: true}]}',
      'TraefikService web reaches Service checkout by its node port (nodePortLB), and Service checkout-canary has none; leave nodePortLB out',
    ],
    [
      'has weights too great to be divided',
      'weighted: {services: [{name: checkout, weight: 1}, {name: a, weight: 1000001}]}',
      'TraefikService web has a weight of 1000001; beside other entries at most 1000000 can be split by percent',
    ],
    [
      'has the canary Service in Git',
      'weighted: {services: [{name: checkout}, {name: checkout-canary, weight: 0}]}',
      "TraefikService web already names Service checkout-canary, which is Headway's own; take it out of weighted.services",
    ],
  ])('is one that %s', (_, spec, message) => {
    expect(problemsOf(serviceFrom(spec))).toEqual([`RouteNotSupported: ${message}`]);
  });

  it.each([
    ['a great weight without others', '{name: checkout, weight: 5000000}'],
    ['one without nodePortLB', '{name: checkout, nodePortLB: false}'],
    ['node ports of others', '{name: checkout}, {name: other, nodePortLB: true}'],
    ['a nested one beside it', '{name: checkout}, {name: nested, kind: TraefikService}'],
  ])('is not %s', (_, list) => {
    expect(problemsOf(entries(list))).toEqual([]);
  });

  it('is none while Headway’s own weights are in it', () => {
    for (const weight of [0, 20, 100]) {
      const object = entries('{name: checkout, weight: 1}', '{name: a, weight: 1000000}');
      expect(problemsOf(written(object, planWeight(targetFor(object), { weight })[0]))).toEqual([]);
    }
  });
});
