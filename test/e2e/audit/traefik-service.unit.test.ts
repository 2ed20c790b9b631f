// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { checkAudit } from './check.ts';
import { auditLine, endpoints, type LineFields, NAMESPACE, OPERATOR } from './lines.ts';
import { parseAuditLine } from './log.ts';
import type { AuditScope } from './rules.ts';

const scope: AuditScope = {
  operator: OPERATOR,
  namespace: NAMESPACE,
  canary: 'shop',
  names: {
    target: 'shop',
    service: 'shop',
    canaryService: 'shop-canary',
    route: { resource: 'traefikservices', name: 'shop', owned: false },
  },
  weights: [20],
  scaleDownDelayMs: 5_000,
};
const human = { user: 'admin' };
const noted = { 'headway.dev/before-shop': '{}' };

type Entries = readonly object[];

const users: Entries = [{ name: 'shop', port: 80 }];

function split(weight: number): Entries {
  return [
    { name: 'shop', port: 80, weight: 100 - weight },
    { name: 'shop-canary', port: 80, weight },
  ];
}

function traefikService(
  at: number,
  services: Entries,
  more: Partial<LineFields> & { annotations?: object } = {},
) {
  const { annotations = {}, ...fields } = more;
  const object = {
    kind: 'TraefikService',
    metadata: { name: 'shop', annotations },
    spec: { weighted: { services, sticky: { cookie: {} } } },
  };
  return auditLine({ at, resource: 'traefikservices', name: 'shop', object, ...fields });
}

function violationsOf(...lines: string[]): string[] {
  const writes = [endpoints(0, 'shop-canary', 2), ...lines]
    .map(parseAuditLine)
    .filter((one) => one !== undefined);
  return checkAudit(scope, writes).violations.map((line) => line.replace(/^\S+ /, ''));
}

describe('writes to the user’s TraefikService', () => {
  const begun = traefikService(1, users, { ...human, verb: 'create' });

  it('are in order from the first weight on, with the note at weight 0', () => {
    expect(
      violationsOf(
        begun,
        traefikService(2, split(20), { annotations: noted }),
        traefikService(3, users, { annotations: noted }),
        traefikService(4, users),
      ),
    ).toEqual([]);
  });

  it.each([
    ['I1: weight 20 of 90 is no percentage', [{ name: 'shop', port: 80, weight: 70 }, split(20)[1] ?? {}]],
    ['I4: the weight went from 0 to 50', split(50)],
  ])('are told: %s', (problem, services) => {
    expect(violationsOf(begun, traefikService(2, services, { annotations: noted }))).toEqual([problem]);
  });

  it('change nothing but weights', () => {
    const other = [{ name: 'shop', port: 8080, weight: 80 }, split(20)[1] ?? {}];
    expect(violationsOf(begun, traefikService(2, other, { annotations: noted }))).toEqual([
      expect.stringMatching(/^I6: of TraefikService shop more than weights was changed/),
    ]);
  });

  it('give back what was there', () => {
    const back = [{ name: 'shop', port: 80, weight: 100 }];
    expect(
      violationsOf(begun, traefikService(2, split(20), { annotations: noted }), traefikService(3, back)),
    ).toEqual([expect.stringMatching(/^I6: TraefikService shop was given back with spec .*"weight":100/)]);
  });

  it('never delete it', () => {
    const deletion = auditLine({ at: 2, verb: 'delete', resource: 'traefikservices', name: 'shop' });
    expect(violationsOf(begun, deletion)).toEqual(['I6: delete of traefikservices/shop']);
  });
});
