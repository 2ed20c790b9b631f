// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { writesAround } from './around.ts';
import { auditLine, startMs } from './lines.ts';
import { parseAuditLine } from './log.ts';

const lossMs = startMs + 10_000;

function around(...lines: readonly string[]): string[] {
  const writes = lines.map(parseAuditLine).filter((write) => write !== undefined);
  return writesAround(writes, lossMs, 2_000);
}

const slice = {
  kind: 'EndpointSlice',
  metadata: { name: 'shop-x' },
  endpoints: [
    { conditions: { ready: true }, targetRef: { name: 'shop-aaa-85cf47948b-6svqh' } },
    { conditions: { ready: false, terminating: true }, targetRef: { name: 'shop-aaa-85cf47948b-9zn2k' } },
    { conditions: { ready: false }, targetRef: { name: 'shop-aaa-85cf47948b-rhhfc' } },
  ],
};

describe('what was written around a loss', () => {
  it('is told with who it was and how long before', () => {
    expect(
      around(
        auditLine({
          at: 9.5,
          user: 'system:serviceaccount:kube-system:replicaset-controller',
          verb: 'delete',
          resource: 'pods',
          name: 'shop-1',
        }),
        auditLine({ at: 10.25, resource: 'endpointslices', name: 'shop-x', object: slice }),
        auditLine({
          at: 11,
          resource: 'services',
          name: 'shop',
          object: { kind: 'Service', spec: { selector: { app: 'shop' } } },
        }),
      ),
    ).toEqual([
      '  -0.500 s  replicaset-controller delete pods shop-1',
      '   0.250 s  headway patch endpointslices shop-x: 7948b-6svqh 7948b-9zn2k(ending) 7948b-rhhfc(not ready)',
      '   1.000 s  headway patch services shop: selector {"app":"shop"}',
    ]);
  });

  it('says what was refused', () => {
    expect(around(auditLine({ at: 10, resource: 'deployments', name: 'shop', code: 409 }))).toEqual([
      '   0.000 s  headway patch deployments shop (409)',
    ]);
  });

  it.each([
    ['is too early', { at: 7.9, resource: 'pods', name: 'p' }],
    ['is too late', { at: 12.1, resource: 'pods', name: 'p' }],
    ['moves no request', { at: 10, resource: 'events', name: 'e' }],
    ['is a pod that begins', { at: 10, verb: 'create', resource: 'pods', name: 'p' }],
    ['is the status of a pod', { at: 10, resource: 'pods', subresource: 'status', name: 'p' }],
    ['is the status of a Deployment', { at: 10, resource: 'deployments', subresource: 'status', name: 'd' }],
  ])('leaves out what %s', (_what, fields) => {
    expect(around(auditLine(fields))).toEqual([]);
  });
});
