// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { checkAudit } from './check.ts';
import { type AuditWrite, parseAuditLine } from './log.ts';
import {
  allRevisions,
  auditLine,
  deployment,
  endpoints,
  type LineFields,
  NAMESPACE,
  OPERATOR,
  pinned,
  pod,
  route,
  service,
  startMs,
  status,
} from './lines.ts';
import { strayWrites } from './ownership.ts';
import type { AuditScope } from './rules.ts';

const ratioNames = { target: 'shop', service: 'shop', canaryService: 'shop-canary' };
const names: AuditScope['names'] = {
  ...ratioNames,
  route: { resource: 'ingresses', name: 'shop-canary', owned: true },
};
const byRoute: AuditScope = {
  operator: OPERATOR,
  namespace: NAMESPACE,
  canary: 'shop',
  names,
  weights: [20, 50],
  scaleDownDelayMs: 5_000,
};
const byRatio: AuditScope = { ...byRoute, names: ratioNames };

function parsed(lines: readonly string[]): AuditWrite[] {
  return lines.flatMap((line) => parseAuditLine(line) ?? []);
}

function violations(scope: AuditScope, ...lines: string[]): string[] {
  return checkAudit(scope, parsed(lines)).violations.map((text) => text.replace(/^[\d:.]+ /, ''));
}

const human = { user: 'admin' };

/** Stable on revision a, the canary b at 20 percent. */
const atTwenty = [
  deployment(0, 'shop', 4, human),
  service(0, 'shop', {}, human),
  deployment(1, 'shop-a', 4),
  service(2, 'shop', pinned('a')),
  deployment(8, 'shop', 0),
  status(8, { stage: 'Idle', stable: { revision: 'a' } }),
  deployment(10, 'shop-b', 1),
  service(10, 'shop-canary', pinned('b')),
  endpoints(11, 'shop-canary', 1),
  route(12, 20),
  status(12, {
    stage: 'Stepping',
    stable: { revision: 'a' },
    canary: { revision: 'b' },
    weight: { desired: 20, observed: 0 },
  }),
];

const promotion = [
  ...atTwenty,
  route(20, 50),
  route(30, 100),
  service(36, 'shop', pinned('b')),
  route(42, 0),
  deployment(48, 'shop-a', 0),
];

describe('checkAudit, traffic by a route', () => {
  it('finds nothing in an orderly promotion, and tells the weights over time', () => {
    const report = checkAudit(byRoute, parsed(promotion));
    expect(report.violations).toEqual([]);
    expect(report.weights.map(({ weight }) => weight)).toEqual([20, 50, 100, 0]);
    expect({ writes: report.writes, status: report.statusWrites }).toEqual({ writes: 13, status: 2 });
  });

  const cases: [string, string[], string[]][] = [
    [
      'a weight above 100',
      [route(20, 120)],
      ['I1: weight 120 of 100 is no percentage', 'I4: the weight went from 20 to 120'],
    ],
    [
      'a weight that is no number',
      [route(20, 'many')],
      ['I1: weight NaN of 100 is no percentage', 'I4: the weight went from 20 to NaN'],
    ],
    [
      'a weight for a Service without pods',
      [endpoints(15, 'shop-canary', 0), route(20, 50)],
      ['I2: 50% for Service shop-canary, which has no ready endpoint'],
    ],
    ['less weight for a Service without pods', [endpoints(15, 'shop-canary', 0), route(20, 0)], []],
    ['a skipped step', [route(20, 100)], ['I4: the weight went from 20 to 100']],
    ['a way back that stops half-way', [route(20, 50), route(25, 20)], ['I4: the weight went from 50 to 20']],
    [
      "somebody else's weight, put back at the second try",
      [route(20, 90, { user: 'intruder' }), route(21, 20, { code: 422 }), route(22, 20)],
      [],
    ],
    [
      'the canary scaled down under weight',
      [deployment(20, 'shop-b', 0)],
      ['I3: shop-b, which carries traffic, was scaled from 1 to 0'],
    ],
    [
      'stable scaled down under weight',
      [deployment(20, 'shop-a', 3)],
      ['I3: shop-a was scaled from 4 to 3 when 0 of its pods had drained'],
    ],
    [
      'the canary deleted too early',
      [route(20, 0), deployment(23, 'shop-b', 0, { verb: 'delete' })],
      ['I3: shop-b, which carried traffic 3000 ms ago, was scaled from 1 to 0'],
    ],
    ['the canary scaled down after the delay', [route(20, 0), deployment(25, 'shop-b', 0)], []],
    [
      'stable re-pointed under weight',
      [service(20, 'shop', pinned('b'))],
      ['Service shop went from revision a to b while it carried 80%'],
    ],
    [
      'the canary Service re-pointed under weight',
      [service(20, 'shop-canary', pinned('c'))],
      ['Service shop-canary went from revision b to c while it carried 20%'],
    ],
    [
      'a stable revision out of nowhere',
      [
        status(20, {
          stage: 'Stepping',
          stable: { revision: 'x' },
          canary: { revision: 'b' },
          weight: { desired: 20, observed: 20 },
        }),
      ],
      ['I5: stable went from a to x, which was not the canary'],
    ],
    [
      'a generation of the future',
      [
        status(20, {
          observedGeneration: 9,
          stage: 'Stepping',
          stable: { revision: 'a' },
          weight: { desired: 20, observed: 20 },
        }),
      ],
      ['I9: observedGeneration 9 of generation 1'],
    ],
    ['a conflict', [auditLine({ at: 20, resource: 'secrets', name: 'x', code: 409 })], []],
    [
      'a refusal',
      [auditLine({ at: 20, resource: 'deployments', name: 'shop-b', code: 403 })],
      ['I6: patch of deployments/shop-b was forbidden'],
    ],
  ];
  it.each(cases)('%s', (_title, lines, expected) => {
    expect(violations(byRoute, ...atTwenty, ...lines)).toEqual(expected);
  });

  it('forgives an API server that has just started', () => {
    const refused = auditLine({ at: 20, resource: 'deployments', name: 'shop-b', code: 403 });
    const at = (seconds: number): AuditScope => ({ ...byRoute, serverStartsMs: [startMs + seconds * 1_000] });
    expect(violations(at(19), ...atTwenty, refused)).toEqual([]);
    expect(violations(at(9), ...atTwenty, refused)).toHaveLength(1);
    expect(violations(at(21), ...atTwenty, refused)).toHaveLength(1);
  });

  it('lets a person jump', () => {
    expect(violations({ ...byRoute, mayJump: true }, ...atTwenty, route(20, 100))).toEqual([]);
  });

  it('holds nobody but the operator to the rules, and lets it put things right', () => {
    const lines = [
      route(20, 77, human),
      route(21, 20),
      deployment(22, 'shop', 4, human),
      deployment(23, 'shop', 0),
    ];
    expect(violations(byRoute, ...atTwenty, ...lines)).toEqual([]);
  });
});

describe('checkAudit, traffic by the ratio of pods', () => {
  const mixed = [
    deployment(0, 'shop', 4, human),
    deployment(1, 'shop-a', 4),
    service(2, 'shop', pinned('a')),
    deployment(8, 'shop', 0),
    deployment(10, 'shop-b', 1),
    service(12, 'shop', allRevisions),
  ];

  it.each([
    ['one drained pod', [pod(13, 'a1', false), deployment(18, 'shop-a', 3)], []],
    ['two', [pod(13, 'a1', false), pod(13, 'a2', false), deployment(18, 'shop-a', 2)], []],
    [
      'one that has not drained yet',
      [pod(13, 'a1', false), deployment(15, 'shop-a', 3)],
      ['I3: shop-a was scaled from 4 to 3 when 0 of its pods had drained'],
    ],
    [
      'one more than have drained',
      [pod(13, 'a1', false), deployment(18, 'shop-a', 2)],
      ['I3: shop-a was scaled from 4 to 2 when 1 of its pods had drained'],
    ],
    [
      'one that has come back',
      [pod(13, 'a1', false), pod(14, 'a1', true), deployment(18, 'shop-a', 3)],
      ['I3: shop-a was scaled from 4 to 3 when 0 of its pods had drained'],
    ],
    [
      'one that has ended',
      [
        pod(13, 'a1', false),
        auditLine({ at: 14, user: 'rs', verb: 'delete', resource: 'pods', name: 'a1' }),
        deployment(18, 'shop-a', 3),
      ],
      ['I3: shop-a was scaled from 4 to 3 when 0 of its pods had drained'],
    ],
    [
      'one of the other side',
      [pod(13, 'b1', false), deployment(18, 'shop-a', 3)],
      ['I3: shop-a was scaled from 4 to 3 when 0 of its pods had drained'],
    ],
  ])('lets the split end %s', (_what, lines, expected) => {
    expect(violations(byRatio, ...mixed, ...lines)).toEqual(expected);
  });

  it('lets no side lose its last pod under traffic', () => {
    expect(violations(byRatio, ...mixed, deployment(13, 'shop-a', 0))).toEqual([
      'I3: shop-a, which carries traffic, was scaled from 4 to 0',
    ]);
  });

  it('drains what the Service no longer names', () => {
    const promoted = [...mixed, service(20, 'shop', pinned('b'))];
    expect(violations(byRatio, ...promoted, deployment(23, 'shop-a', 0))).toEqual([
      'I3: shop-a, which carried traffic 3000 ms ago, was scaled from 4 to 0',
    ]);
    expect(violations(byRatio, ...promoted, deployment(25, 'shop-a', 0))).toEqual([]);
  });

  it('counts the revisions behind the Service', () => {
    expect(violations(byRatio, ...mixed, deployment(13, 'shop-c', 1))).toEqual([
      'I5: a, b, c carry traffic at once',
    ]);
  });

  it('holds the desired weight of the status to the steps', () => {
    const jump = status(14, { stage: 'Stepping', weight: { desired: 50, observed: 0 } });
    expect(violations(byRatio, ...mixed, jump)).toEqual(['I4: the desired weight went from 0 to 50']);
  });

  it('does not take what an autoscaler writes for the status', () => {
    const object = { kind: 'Scale', metadata: { name: 'shop' }, status: { replicas: 8 } };
    const names = { user: 'autoscaler', resource: 'canaries', subresource: 'scale', name: 'shop' };
    const [first = '', ...rest] = [20, 50].map((desired) =>
      status(desired, { weight: { desired, observed: 0 } }),
    );
    expect(violations(byRatio, first, auditLine({ at: 30, ...names, object }), ...rest)).toEqual([]);
  });
});

describe('checkAudit, whose objects', () => {
  const cases: [string, string, string[]][] = [
    ['an event', auditLine({ at: 1, verb: 'create', resource: 'events', name: 'x' }), []],
    ['the status', status(1, {}), []],
    ['a pod of the Canary', pod(1, 'a1', false), []],
    ['a pod that has gone', auditLine({ at: 1, resource: 'pods', name: 'a1', code: 404 }), []],
    [
      'a pod of somebody else',
      auditLine({ at: 1, resource: 'pods', name: 'x', object: { kind: 'Pod', metadata: { name: 'x' } } }),
      ['I6: patch of pods/x'],
    ],
    ['a pod deleted', pod(1, 'a1', false, { verb: 'delete' }), ['I6: delete of pods/a1']],
    ['the target', deployment(1, 'shop', 0), []],
    ['the target deleted', deployment(1, 'shop', 0, { verb: 'delete' }), ['I6: delete of deployments/shop']],
    ['another Deployment', deployment(1, 'cart', 0), ['I6: patch of deployments/cart']],
    ['an unmarked namesake', service(1, 'shop-x', {}), ['I6: patch of services/shop-x']],
    [
      'a Service of ours deleted',
      auditLine({ at: 1, verb: 'delete', resource: 'services', name: 'shop-canary' }),
      [],
    ],
    [
      'the Ingress of the user',
      auditLine({ at: 1, resource: 'ingresses', name: 'shop' }),
      ['I6: patch of ingresses/shop'],
    ],
    [
      'another Canary',
      auditLine({ at: 1, resource: 'canaries', subresource: 'status', name: 'cart' }),
      ['I6: patch of canaries/cart/status'],
    ],
    [
      'a Secret',
      auditLine({ at: 1, verb: 'create', resource: 'secrets', name: 'x' }),
      ['I6: create of secrets/x'],
    ],
    [
      'another namespace',
      auditLine({ at: 1, resource: 'events', name: 'x', namespace: 'other' }),
      ['I6: patch of events/x'],
    ],
  ];
  it.each(cases)('%s', (_title, line, expected) => {
    expect(violations(byRoute, line)).toEqual(expected);
  });

  it.each<[string, Partial<LineFields>, string[]]>([
    ['that is declared', {}, []],
    ['deleted', { verb: 'delete' }, ['I6: delete of grpcroutes/rpc']],
    ['of somebody else', { name: 'other' }, ['I6: patch of grpcroutes/other']],
  ])('a GRPCRoute %s', (_title, more, expected) => {
    const scope = { ...byRoute, names: { ...byRoute.names, grpcRoutes: ['rpc'] } };
    const line = auditLine({ at: 1, resource: 'grpcroutes', name: 'rpc', ...more });
    expect(violations(scope, line)).toEqual(expected);
    expect(violations(byRoute, line)).toHaveLength(1);
  });

  it.each<[string, Partial<LineFields>, string[]]>([
    ['made for a revision that is there', {}, []],
    ['before its revision', { name: 'config-c' }, ['I6: create of configmaps/config-c']],
    ['under a name of its own', { name: 'config' }, ['I6: create of configmaps/config']],
    ['changed', { verb: 'patch' }, ['I6: patch of configmaps/config-b']],
    ['deleted', { verb: 'delete' }, ['I6: delete of configmaps/config-b']],
  ])('a copy of a ConfigMap or a Secret %s', (_title, more, expected) => {
    for (const resource of ['configmaps', 'secrets']) {
      const copy = auditLine({ at: 11, verb: 'create', resource, name: 'config-b', ...more });
      const found = violations(byRoute, ...atTwenty, copy);
      expect(found).toEqual(expected.map((sentence) => sentence.replace('configmaps', resource)));
    }
  });

  it.each<[string, Partial<LineFields>, string[]]>([
    ['made', {}, []],
    ['deleted', { verb: 'delete' }, []],
    ['changed', { verb: 'patch' }, ['I6: patch of jobs/shop-smoke-x']],
    ['of somebody else', { name: 'nightly', verb: 'delete' }, ['I6: delete of jobs/nightly']],
  ])('the Job of a check, %s', (_title, more, expected) => {
    const job = auditLine({ at: 11, verb: 'create', resource: 'jobs', name: 'shop-smoke-x', ...more });
    expect(violations(byRoute, ...atTwenty, job)).toEqual(expected);
  });

  it('finds what was written outside of every story', () => {
    const writes = parsed([
      auditLine({ at: 1, resource: 'leases', name: 'headway', namespace: 'headway-system' }),
      auditLine({ at: 2, resource: 'events', name: 'x' }),
      auditLine({ at: 3, resource: 'services', name: 'dns', namespace: 'kube-system' }),
      auditLine({ at: 4, resource: 'services', name: 'mine', namespace: 'default', user: 'admin' }),
      auditLine({ at: 5, resource: 'configmaps', name: 'x', namespace: 'headway-system' }),
    ]);
    expect(strayWrites(writes, OPERATOR, (namespace) => namespace.startsWith('e2e-'))).toEqual([
      'I6: patch of services kube-system/dns',
      'I6: patch of configmaps headway-system/x',
    ]);
  });
});

describe('checkAudit, how many writes', () => {
  it('allows three writes to an object in one step', () => {
    const pins = [1, 2, 3].map((at) => service(at, 'shop', pinned('a')));
    expect(violations(byRoute, ...pins)).toEqual([]);
    expect(violations(byRoute, ...pins, service(4, 'shop', pinned('a')))).toEqual([
      'I8: 4 writes to services/shop in Adopting  step - after 0 releases; 3 are enough (shop)',
    ]);
  });

  it('counts writes that changed nothing', () => {
    const object = { kind: 'Canary', metadata: { name: 'shop', resourceVersion: '7' } };
    const same = { resource: 'canaries', subresource: 'status', name: 'shop', object };
    const report = checkAudit(
      byRoute,
      parsed([auditLine({ at: 1, ...same }), auditLine({ at: 2, ...same })]),
    );
    expect(report.idleWrites).toBe(1);
  });
});
