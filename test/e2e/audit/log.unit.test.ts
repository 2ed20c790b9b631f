// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { auditLine } from './lines.ts';
import { parseAuditLine } from './log.ts';

describe('parseAuditLine', () => {
  const base = { at: 1, resource: 'services', name: 'shop' };
  const cases: [string, string][] = [
    ['a read', auditLine({ ...base, verb: 'get' })],
    ['a list', auditLine({ ...base, verb: 'list', name: '' })],
    ['a watch', auditLine({ ...base, verb: 'watch', name: '', stage: 'ResponseStarted' })],
    ['a dry run', auditLine({ ...base, uri: '/api/v1?dryRun=All' })],
    ['a request that is not answered', auditLine({ ...base, stage: 'RequestReceived' })],
  ];
  it.each(cases)('leaves out %s', (_title, line) => {
    expect(parseAuditLine(line)).toBeUndefined();
  });

  it('keeps no body of a refusal or of a Status', () => {
    const refused = parseAuditLine(auditLine({ ...base, code: 409, object: { kind: 'Service' } }));
    const gone = parseAuditLine(
      auditLine({ ...base, verb: 'delete', object: { kind: 'Status', status: 'Success' } }),
    );
    expect([refused?.object, gone?.object]).toEqual([undefined, undefined]);
  });

  it('takes the name of a created object from the answer', () => {
    const line = auditLine({
      ...base,
      name: '',
      verb: 'create',
      object: { kind: 'Service', metadata: { name: 'a-1' } },
    });
    expect(parseAuditLine(line)?.name).toBe('a-1');
  });
});
