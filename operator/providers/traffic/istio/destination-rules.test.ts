// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../kube/objects.ts';
import { istioRouter } from './router.ts';
import {
  after,
  type Cluster,
  destinationRule,
  editedBy,
  PLAIN,
  specOf,
  targetFor,
  virtualService,
} from './test-objects.ts';

const { observe, planWeight, planRest } = istioRouter;

const POLICY = `
host: checkout.shop.svc.cluster.local
exportTo: [".", web]
trafficPolicy:
  tls: {mode: ISTIO_MUTUAL}
  connectionPool: {http: {http2MaxRequests: 100}}
  outlierDetection: {consecutive5xxErrors: 5}
subsets: [{name: main, labels: {app: checkout}, trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}}]
`;

const BEFORE: Cluster = {
  virtualServices: [virtualService(PLAIN)],
  destinationRules: [destinationRule(POLICY)],
};

function rest(cluster: Cluster): Required<Cluster> {
  return after(cluster, planRest(targetFor(cluster)));
}

function split(cluster: Cluster, weight: number): Required<Cluster> {
  return after(cluster, planWeight(targetFor(cluster), { weight }));
}

function find({ destinationRules = [] }: Cluster, name: string): KubeObject | undefined {
  return destinationRules.find(({ metadata }) => metadata.name === name);
}

function copyIn(cluster: Cluster): KubeObject {
  const copy = find(cluster, 'checkout-canary');
  if (!copy) throw new Error('there is no copy');
  return copy;
}

function withCopy(cluster: Cluster, change: (copy: KubeObject) => KubeObject): Required<Cluster> {
  const { destinationRules = [] } = cluster;
  const changed = destinationRules.map((one) =>
    one.metadata.name === 'checkout-canary' ? change(one) : one,
  );
  return { ...cluster, destinationRules: changed };
}

describe('what a DestinationRule says of the Service', () => {
  it('is left alone at rest, and makes the canary get its place before its share', () => {
    expect(planRest(targetFor(BEFORE))).toEqual([]);
    expect(observe(targetFor(BEFORE))).toMatchObject({ exists: false, outdated: false, placeFirst: true });
    const others = { ...BEFORE, destinationRules: [destinationRule('{host: cart}')] };
    expect(observe(targetFor(others))).not.toHaveProperty('placeFirst');
  });

  it('holds for the canary Service by a copy, which is written before the canary is named', () => {
    const writes = planWeight(targetFor(BEFORE), { weight: 0 });
    expect(writes.map(({ kind, resource }) => `${kind} ${resource}`)).toEqual([
      'apply destinationRules',
      'patch virtualServices',
    ]);
    const cluster = after(BEFORE, writes);
    expect(copyIn(cluster)['spec']).toEqual({
      ...specOf(destinationRule(POLICY)),
      host: 'checkout-canary.shop.svc.cluster.local',
    });
    expect(find(cluster, 'checkout')).toEqual(destinationRule(POLICY));
    expect(observe(targetFor(cluster))).toMatchObject({ weight: 0, exists: true, outdated: false });
    expect(planWeight(targetFor(cluster), { weight: 0 })).toEqual([]);
  });

  it('holds for it no more when the canary is not named any more', () => {
    const cluster = split(BEFORE, 20);
    const writes = planRest(targetFor(cluster));
    expect(writes.map(({ kind, resource }) => `${kind} ${resource}`)).toEqual([
      'patch virtualServices',
      'delete destinationRules',
    ]);
    const last = after(cluster, writes);
    expect(last.destinationRules).toEqual(BEFORE.destinationRules);
    expect(last.virtualServices.map(specOf)).toEqual([specOf(virtualService(PLAIN))]);
    expect(observe(targetFor(last))).toMatchObject({ exists: false, outdated: false });
  });

  it('is taken away at rest also where an end was put to it half-way', () => {
    const { virtualServices } = BEFORE;
    const half = { ...split(BEFORE, 0), virtualServices };
    expect(observe(targetFor(half))).toMatchObject({ exists: false, outdated: true });
    expect(rest(half).destinationRules).toEqual(BEFORE.destinationRules);
  });

  it('is copied without what makes a deployment tool take the copy for its own', () => {
    const original = destinationRule(POLICY);
    original.metadata.labels = { team: 'pay', 'app.kubernetes.io/instance': 'shop' };
    original.metadata.annotations = {
      note: 'kept',
      'argocd.argoproj.io/tracking-id': 'shop:x',
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
    };
    const { metadata } = copyIn(split({ ...BEFORE, destinationRules: [original] }, 0));
    expect(metadata).toMatchObject({
      name: 'checkout-canary',
      namespace: 'shop',
      labels: {
        team: 'pay',
        'app.kubernetes.io/managed-by': 'headway',
        'headway.dev/canary': 'checkout',
        'headway.dev/role': 'destination-rule',
      },
      ownerReferences: [{ kind: 'Canary', name: 'checkout', uid: 'uid-canary', controller: true }],
    });
    expect(Object.keys(metadata.labels ?? {})).toHaveLength(4);
    expect(Object.keys(metadata.annotations ?? {})).toEqual(['note', 'headway.dev/written']);
  });

  it.each<[string, (original: KubeObject) => KubeObject[]]>([
    ['is gone', () => []],
    [
      'is about to go',
      (one) => [{ ...one, metadata: { ...one.metadata, deletionTimestamp: '2026-11-21T10:00:00Z' } }],
    ],
    ['is for another host now', () => [destinationRule('{host: cart}')]],
  ])('has no copy any more when it %s', (_, change) => {
    const cluster = split(BEFORE, 20);
    const changed = { ...cluster, destinationRules: [...change(destinationRule(POLICY)), copyIn(cluster)] };
    expect(observe(targetFor(changed))).toMatchObject({ outdated: true });
    expect(find(split(changed, 20), 'checkout-canary')).toBeUndefined();
  });

  it.each([0, 20])('changes for the canary too, also at weight %d', (weight) => {
    const cluster = split(BEFORE, weight);
    const edited = editedBy('argocd', destinationRule(POLICY), (spec) => delete spec['subsets']);
    const changed = { ...cluster, destinationRules: [edited, copyIn(cluster)] };
    expect(observe(targetFor(changed))).toMatchObject({ weight, outdated: true });
    expect(observe(targetFor(changed))).not.toHaveProperty('overwritten');
    const writes = planWeight(targetFor(changed), { weight });
    expect(writes.map(({ kind, resource }) => `${kind} ${resource}`)).toEqual(['patch destinationRules']);
    const last = after(changed, writes);
    expect(specOf(copyIn(last))).not.toHaveProperty('subsets');
    expect(observe(targetFor(last))).toMatchObject({ weight, outdated: false });
  });

  it('is copied from each of several', () => {
    const second = destinationRule('{host: checkout, subsets: [{name: other}]}', 'more');
    const cluster = split({ ...BEFORE, destinationRules: [second, destinationRule(POLICY)] }, 0);
    expect(cluster.destinationRules.map(({ metadata }) => metadata.name)).toEqual([
      'more',
      'checkout',
      'checkout-canary',
      'more-canary',
    ]);
  });

  it.each(['cart', 'checkout.other', '*.shop.svc.cluster.local', 'checkout-canary'])(
    'is another’s where its host is %s, and has no copy',
    (host) => {
      const cluster = { ...BEFORE, destinationRules: [destinationRule(`{host: "${host}"}`)] };
      expect(planWeight(targetFor(cluster), { weight: 0 }).map(({ resource }) => resource)).toEqual([
        'virtualServices',
      ]);
    },
  );
});

describe('a copy', () => {
  const cluster = split(BEFORE, 20);

  it('whose name is taken is a problem, and what bears the name is left alone', () => {
    const taken = destinationRule('{host: checkout-canary}', 'checkout-canary');
    const target = targetFor({ ...BEFORE, destinationRules: [destinationRule(POLICY), taken] });
    expect(observe(target).problems).toEqual([
      {
        reason: 'NameTaken',
        message:
          'DestinationRule checkout-canary is needed for Canary checkout, but it exists and was not made by Headway for it; rename or delete it',
      },
    ]);
    expect(observe(target).outdated).toBe(false);
    expect(planWeight(target, { weight: 0 }).map(({ resource }) => resource)).toEqual(['virtualServices']);
  });

  it('that somebody changes is put right with the weight, and said who did it', () => {
    const changed = withCopy(cluster, (copy) =>
      editedBy('kubectl-edit', copy, (spec) =>
        Object.assign(spec, { workloadSelector: { matchLabels: {} } }),
      ),
    );
    expect(observe(targetFor(changed))).toMatchObject({
      weight: 20,
      outdated: true,
      overwritten: { field: 'spec of DestinationRule checkout-canary', manager: 'kubectl-edit' },
    });
    const back = split(changed, 20);
    expect(copyIn(back)['spec']).toEqual(copyIn(cluster)['spec']);
    expect(observe(targetFor(back))).not.toHaveProperty('overwritten');
  });

  it('that has lost its note and its annotations is written as a whole', () => {
    const changed = withCopy(cluster, (copy) => {
      const edited = editedBy('somebody', copy, (spec) => delete spec['subsets']);
      delete edited.metadata.annotations;
      return edited;
    });
    const back = split(changed, 20);
    expect(copyIn(back)['spec']).toEqual(copyIn(cluster)['spec']);
    expect(copyIn(back).metadata.annotations).toEqual({
      'headway.dev/written': copyIn(cluster).metadata.annotations?.['headway.dev/written'],
    });
  });

  it('that has lost its owner gets it back', () => {
    const orphan = withCopy(cluster, (copy) => {
      const { ownerReferences: _owners, ...metadata } = copy.metadata;
      return { ...copy, metadata };
    });
    expect(observe(targetFor(orphan))).toMatchObject({ outdated: true, problems: [] });
    expect(copyIn(split(orphan, 20)).metadata.ownerReferences).toHaveLength(1);
  });

  it('of a name as long as can be has one that fits', () => {
    const name = 'r'.repeat(253);
    const long = split({ ...BEFORE, destinationRules: [destinationRule(POLICY, name)] }, 0);
    const names = long.destinationRules.map(({ metadata }) => metadata.name ?? '');
    expect(names).toHaveLength(2);
    expect(names[1]).toMatch(/^r+-[a-z0-9]{10}-canary$/);
    expect(names[1]).toHaveLength(253);
  });
});
