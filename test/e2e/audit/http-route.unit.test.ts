// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { checkAudit } from './check.ts';
import { parseAuditLine } from './log.ts';
import {
  auditLine,
  deployment,
  endpoints,
  httpRoute,
  NAMESPACE,
  OPERATOR,
  pinned,
  type RuleFields,
  service,
  status,
} from './lines.ts';
import type { AuditScope } from './rules.ts';

const scope: AuditScope = {
  operator: OPERATOR,
  namespace: NAMESPACE,
  canary: 'shop',
  names: {
    target: 'shop',
    service: 'shop',
    canaryService: 'shop-canary',
    route: { resource: 'httproutes', name: 'shop', owned: false },
  },
  weights: [20, 50],
  scaleDownDelayMs: 5_000,
};
const human = { user: 'admin' };
const annotations = { 'headway.dev/before-shop': '{}' };
const filters = [{ type: 'RequestHeaderModifier' }];

/** The user's rule that leads to the Service, and one that does not. */
function rules(...backends: RuleFields['backends']): RuleFields[] {
  return [{ backends: [{ name: 'cart' }] }, { backends, filters }];
}

function split(at: number, weight: number): string {
  const backends = [
    { name: 'shop', weight: 100 - weight },
    { name: 'shop-canary', weight },
  ];
  return httpRoute(at, rules(...backends), { annotations });
}

/** A rule of its own for chosen requests. */
function chosen(at: number, weight: number): string {
  const backends = [
    { name: 'shop', weight: 100 - weight },
    { name: 'shop-canary', weight },
  ];
  const [cart, shop] = rules(...backends);
  const forCanary = { backends: [{ name: 'shop-canary' }], matches: [{ headers: [{ name: 'x-canary' }] }] };
  return httpRoute(at, [cart as RuleFields, forCanary, shop as RuleFields], { annotations });
}

const users = rules({ name: 'shop' });

const ready = [
  deployment(0, 'shop', 4, human),
  service(0, 'shop', {}, human),
  httpRoute(0, users, human),
  deployment(1, 'shop-a', 4),
  service(2, 'shop', pinned('a')),
  status(8, { stage: 'Idle', stable: { revision: 'a' } }),
  deployment(10, 'shop-b', 1),
  service(10, 'shop-canary', pinned('b')),
  endpoints(11, 'shop-canary', 1),
];

function check(...lines: string[]) {
  const report = checkAudit(
    scope,
    [...ready, ...lines].flatMap((line) => parseAuditLine(line) ?? []),
  );
  return { ...report, violations: report.violations.map((text) => text.replace(/^[\d:.]+ /, '')) };
}

describe("checkAudit, traffic by the user's HTTPRoute", () => {
  it('finds nothing in weights that come and go, and tells them', () => {
    const report = check(
      split(12, 20),
      split(20, 50),
      split(30, 100),
      status(31, { stage: 'Promoting', stable: { revision: 'a' }, canary: { revision: 'b' } }),
      service(36, 'shop', pinned('b')),
      httpRoute(42, users),
    );
    expect(report.violations).toEqual([]);
    expect(report.weights.map(({ weight }) => weight)).toEqual([20, 50, 100, 0]);
  });

  it('finds nothing in requests that are chosen, and counts their revision as one that carries', () => {
    expect(check(chosen(12, 0), chosen(15, 20), httpRoute(20, users)).violations).toEqual([]);
    expect(check(chosen(12, 0), deployment(13, 'shop-b', 0)).violations).toEqual([
      'I3: shop-b, which carries traffic, was scaled from 1 to 0',
    ]);
    expect(check(chosen(12, 0), service(13, 'shop-canary', pinned('c'))).violations).toEqual([
      'Service shop-canary went from revision b to c while it carried chosen requests',
    ]);
    expect(check(endpoints(11, 'shop-canary', 0), chosen(12, 0)).violations).toEqual([
      'I2: chosen requests for Service shop-canary, which has no ready endpoint',
    ]);
  });

  const cases: [string, string[], string[]][] = [
    ['a skipped step', [split(12, 50)], ['I4: the weight went from 0 to 50']],
    [
      'weights of no hundred',
      [
        httpRoute(12, rules({ name: 'shop', weight: 8 }, { name: 'shop-canary', weight: 20 }), {
          annotations,
        }),
      ],
      ['I1: weight 20 of 28 is no percentage'],
    ],
    [
      'rules that do not say the same',
      [
        httpRoute(
          12,
          [
            { backends: [{ name: 'cart' }] },
            {
              backends: [
                { name: 'shop', weight: 80 },
                { name: 'shop-canary', weight: 20 },
              ],
              filters,
            },
            { backends: [{ name: 'shop' }] },
          ],
          { annotations },
        ),
      ],
      ['I1: weight 20 of NaN is no percentage', expect.stringContaining('I6: of HTTPRoute shop') as never],
    ],
    [
      'weight without pods',
      [endpoints(11, 'shop-canary', 0), split(12, 20)],
      ['I2: 20% for Service shop-canary, which has no ready endpoint'],
    ],
    [
      'a delete',
      [auditLine({ at: 12, verb: 'delete', resource: 'httproutes', name: 'shop' })],
      ['I6: delete of httproutes/shop'],
    ],
    [
      'another route',
      [auditLine({ at: 12, resource: 'httproutes', name: 'cart' })],
      ['I6: patch of httproutes/cart'],
    ],
    ['a weight that was put back', [split(12, 20), httpRoute(13, users, human), split(14, 20)], []],
    [
      'a change of the user beside the weights that survives',
      [
        split(12, 20),
        httpRoute(13, rules({ name: 'shop', weight: 80 }, { name: 'shop-canary', weight: 20 }), {
          ...human,
          annotations,
          spec: { hostnames: ['new.test'] },
        }),
        httpRoute(14, users, { spec: { hostnames: ['new.test'] } }),
      ],
      [],
    ],
    [
      'a status that a Gateway wrote',
      [httpRoute(12, [], { user: 'traefik', subresource: 'status' }), split(13, 20)],
      [],
    ],
  ];
  it.each(cases)('%s', (_title, lines, expected) => {
    expect(check(...lines).violations).toEqual(expected);
  });

  const changed: [string, string][] = [
    ['a filter', httpRoute(12, [{ backends: [{ name: 'cart' }] }, { backends: [{ name: 'shop' }] }])],
    ['another rule', httpRoute(12, [{ backends: [{ name: 'cart', weight: 2 }] }, users[1] as RuleFields])],
    ['the hosts', httpRoute(12, users, { spec: { hostnames: [] } })],
    ['an annotation', httpRoute(12, users, { annotations: { team: 'x' } })],
  ];
  it.each(changed)('%s of the route changed', (_title, line) => {
    expect(check(line).violations[0]).toMatch(
      /^I6: of HTTPRoute shop more than weights was changed, from \{/,
    );
  });

  const left: [string, string, string][] = [
    ['a weight', httpRoute(20, rules({ name: 'shop', weight: 100 })), 'with spec {'],
    ['the memory', httpRoute(20, users, { annotations }), 'with annotation headway.dev/before-shop'],
  ];
  it.each(left)('given back with %s', (_title, line, text) => {
    const { violations } = check(split(12, 20), line);
    expect(violations).toEqual([expect.stringContaining(`I6: HTTPRoute shop was given back ${text}`)]);
  });

  it("gives back the user's newest version, and not the one before", () => {
    const newer = rules({ name: 'shop', weight: 7 });
    const edited = [split(12, 20), httpRoute(13, newer, human), split(14, 20)];
    expect(check(...edited, httpRoute(20, newer)).violations).toEqual([]);
    expect(check(...edited, httpRoute(20, users)).violations).toEqual([
      expect.stringContaining('I6: HTTPRoute shop was given back with spec'),
    ]);
  });
});
