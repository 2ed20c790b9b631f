// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../kube/objects.ts';
import { ownRouteRouter } from './own-route.ts';
import type { OwnRouteTarget } from './schema.ts';
import { accepted, editedBy, ownTarget, PLAIN, routeFrom, type Spec, written } from './test-objects.ts';

const { observe, planWeight, planRest } = ownRouteRouter;

const RICH: Partial<OwnRouteTarget> = {
  template: {
    parentRefs: [{ name: 'main', namespace: 'infra', sectionName: 'https' }],
    hostnames: ['shop.example.com'],
    port: 8080,
    rules: [
      { matches: [{ path: { type: 'Exact', value: '/pay' }, method: 'POST' }], timeouts: { request: '10s' } },
      {},
    ],
  },
  ports: [80, 8080],
  match: [{ headers: { 'x-canary': { prefix: 'a' } } }],
};

function atRest(more: Partial<OwnRouteTarget> = {}): KubeObject {
  return accepted(written(undefined, planRest(ownTarget(undefined, more))[0]));
}

describe('a route from a template', () => {
  it('is made where it is missing', () => {
    expect(observe(ownTarget())).toEqual({
      weight: 0,
      matched: false,
      exists: false,
      outdated: true,
      problems: [],
      exceptions: [],
    });
    const route = atRest(RICH);
    expect(route).toMatchObject({
      metadata: {
        name: 'checkout',
        namespace: 'shop',
        labels: {
          'app.kubernetes.io/managed-by': 'headway',
          'headway.dev/canary': 'checkout',
          'headway.dev/role': 'route',
        },
        ownerReferences: [{ kind: 'Canary', name: 'checkout', uid: 'uid-canary', controller: true }],
      },
      spec: {
        parentRefs: [
          {
            group: 'gateway.networking.k8s.io',
            kind: 'Gateway',
            name: 'main',
            namespace: 'infra',
            sectionName: 'https',
          },
        ],
        hostnames: ['shop.example.com'],
      },
    });
    const backendRefs = [{ group: '', kind: 'Service', name: 'checkout', port: 8080, weight: 1 }];
    expect((route['spec'] as { rules: unknown }).rules).toEqual([
      {
        matches: [{ path: { type: 'Exact', value: '/pay' }, method: 'POST' }],
        timeouts: { request: '10s' },
        backendRefs,
      },
      { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs },
    ]);
  });

  it.each([{}, RICH])('carries every weight and comes to rest: %#', (more) => {
    const before = atRest(more);
    let route = before;
    for (const split of [
      { weight: 0, matched: true },
      { weight: 50, matched: true },
      { weight: 100 },
      { weight: 0 },
    ]) {
      route = accepted(written(route, planWeight(ownTarget(route, more), split)[0]));
      const matched = (split.matched ?? false) && more.match !== undefined;
      expect(observe(ownTarget(route, more))).toMatchObject({
        weight: split.weight,
        matched,
        exists: true,
        problems: [],
      });
      expect(observe(ownTarget(route, more)).outdated).toBe(false);
    }
    route = accepted(written(route, planRest(ownTarget(route, more))[0]));
    expect(route['spec']).toEqual(before['spec']);
    expect(observe(ownTarget(route, more))).toMatchObject({ exists: false, outdated: false });
    expect(planRest(ownTarget(route, more))).toEqual([]);
  });

  it('follows its template, also one that was refused', () => {
    const refused = {
      ...atRest(),
      status: {
        parents: [
          {
            parentRef: { name: 'main' },
            conditions: [
              { type: 'Accepted', status: 'False', reason: 'NoMatchingParent', observedGeneration: 1 },
            ],
          },
        ],
      },
    };
    expect(observe(ownTarget(refused)).problems).toEqual([
      {
        reason: 'RouteNotAccepted',
        message: 'Gateway main has not accepted HTTPRoute checkout (NoMatchingParent)',
      },
    ]);
    const mended = ownTarget(refused, { template: { parentRefs: [{ name: 'edge' }] } });
    expect(observe(mended)).toMatchObject({ outdated: true, problems: [] });
    expect(planRest(mended)).toHaveLength(1);
  });

  it('that somebody edits is put back, and said who did it', () => {
    const edited = editedBy('kubectl-edit', atRest(), ({ rules }) => void rules.pop());
    expect(observe(ownTarget(edited))).toMatchObject({
      outdated: true,
      overwritten: { field: 'spec.rules of HTTPRoute checkout', manager: 'kubectl-edit' },
    });
    expect(written(edited, planRest(ownTarget(edited))[0])['spec']).toEqual(atRest()['spec']);
  });

  it('is at rest with what the API server or its admission has filled in, until there is something to write', () => {
    const filled = structuredClone(atRest());
    const spec = filled['spec'] as Spec & { useDefaultGateways?: string };
    spec.useDefaultGateways = 'None';
    for (const rule of spec.rules) rule['retry'] = { attempts: 2 };
    expect(observe(ownTarget(filled))).toMatchObject({ outdated: false });
    expect(observe(ownTarget(filled))).not.toHaveProperty('overwritten');
    expect(planRest(ownTarget(filled))).toEqual([]);
    const more = { template: { parentRefs: [{ name: 'main' }], rules: [{ timeouts: { request: '1s' } }] } };
    expect(planRest(ownTarget(filled, more))).toMatchObject([{ kind: 'apply' }]);
    expect(planWeight(ownTarget(filled), { weight: 5 })).toMatchObject([{ kind: 'apply' }]);
  });

  it('loses a field that somebody has added, which an apply alone would leave', () => {
    const added = structuredClone(atRest());
    (added['spec'] as Spec & { hostnames?: string[] }).hostnames = ['one.example.com'];
    added.metadata.managedFields?.push({
      manager: 'kubectl-edit',
      operation: 'Update',
      time: '2026-11-21T12:00:00Z',
      fieldsV1: { 'f:spec': { 'f:hostnames': {} } },
    });
    expect(observe(ownTarget(added))).toMatchObject({
      outdated: true,
      overwritten: { field: 'spec.hostnames of HTTPRoute checkout', manager: 'kubectl-edit' },
    });
    expect(planRest(ownTarget(added))).toMatchObject([
      {
        kind: 'patch',
        operations: [
          { op: 'test', path: '/metadata/resourceVersion' },
          { op: 'remove', path: '/spec/hostnames' },
        ],
      },
      { kind: 'apply' },
    ]);
    const wanted = { template: { parentRefs: [{ name: 'main' }], hostnames: ['two.example.com'] } };
    expect(planRest(ownTarget(added, wanted))).toMatchObject([{ kind: 'apply' }]);
  });

  it.each<[string, Partial<OwnRouteTarget>, string]>([
    [
      'several ports and none chosen',
      { ports: [80, 90] },
      'Service checkout has 2 ports; set traffic.gateway.template.port to one of 80, 90',
    ],
    [
      'a port that the Service does not have',
      { template: { parentRefs: [{ name: 'main' }], port: 81 } },
      'Service checkout has no port 81; it has 80',
    ],
  ])('is not made for %s', (_, more, message) => {
    expect(observe(ownTarget(undefined, more)).problems).toEqual([{ reason: 'RouteNotSupported', message }]);
    expect(planRest(ownTarget(undefined, more))).toEqual([]);
  });

  it('waits for the Service, which tells the port', () => {
    const target = { ...ownTarget(), ports: undefined };
    expect(observe(target)).toMatchObject({ outdated: false, problems: [] });
    expect(planRest(target)).toEqual([]);
  });

  it('is never taken from somebody else', () => {
    const target = ownTarget(routeFrom(PLAIN, 'checkout'));
    expect(observe(target)).toMatchObject({
      exists: false,
      problems: [
        {
          reason: 'NameTaken',
          message:
            'HTTPRoute checkout is needed for Canary checkout, but it exists and was not made by Headway for it; rename or delete it',
        },
      ],
    });
    expect([planRest(target), planWeight(target, { weight: 5 })]).toEqual([[], []]);
  });

  it('is known as its own without its owner, which comes back', () => {
    const route = atRest();
    const { ownerReferences, ...metadata } = route.metadata;
    expect(ownerReferences).toHaveLength(1);
    const [write] = planRest(ownTarget({ ...route, metadata }));
    expect(write?.kind === 'apply' && write.object.metadata).toMatchObject({ ownerReferences });
  });
});
