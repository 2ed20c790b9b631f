// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { missingBeginning } from './beginning.ts';
import { deployment, NAMESPACE, OPERATOR, route, service } from './lines.ts';
import { parseAuditLine } from './log.ts';
import type { AuditScope } from './rules.ts';

const scope: AuditScope = {
  operator: OPERATOR,
  namespace: NAMESPACE,
  canary: 'shop',
  names: { target: 'shop', service: 'shop', canaryService: 'shop-canary' },
  weights: [20],
  scaleDownDelayMs: 5_000,
};
const made = deployment(0, 'shop', 4, { user: 'admin', verb: 'create' });
const retired = deployment(3, 'shop', 0);

describe('missingBeginning', () => {
  it.each([
    ['the app made by a person', [made], true],
    ['the app made and then retired', [made, service(2, 'shop', {}), retired], true],
    ['nothing', [], false],
    ['what came after the app alone', [service(2, 'shop', {}), route(3, 20)], false],
    ['the app from when it was retired', [retired], false],
    ['another Deployment', [deployment(0, 'shop-a', 4, { user: 'admin' })], false],
  ])('of a log with %s', (_what, lines, isWhole) => {
    const writes = lines.map((line) => parseAuditLine(line)).filter((write) => write !== undefined);
    expect(missingBeginning(scope, writes)).toEqual(
      isWhole ? [] : ['the audit log does not show who made Deployment shop: it begins too late'],
    );
  });
});
