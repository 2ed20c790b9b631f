// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type AuditedWrite, findReaction, parseAuditedWrite, preciseMs } from './audit.ts';

const line = {
  kind: 'Event',
  level: 'RequestResponse',
  stage: 'ResponseComplete',
  verb: 'create',
  user: { username: 'system:serviceaccount:headway-system:headway', groups: [] },
  objectRef: { resource: 'deployments', namespace: 'bench-1', apiGroup: 'apps' },
  responseStatus: { metadata: {}, code: 201 },
  responseObject: { kind: 'Deployment', metadata: { name: 'shop-5d8f', annotations: { a: 'b' } } },
  requestReceivedTimestamp: '2026-01-02T03:04:05.000250Z',
  stageTimestamp: '2026-01-02T03:04:05.004000Z',
};

describe('preciseMs', () => {
  const second = Date.parse('2026-01-02T03:04:05Z');
  it.each([
    ['2026-01-02T03:04:05Z', 0],
    ['2026-01-02T03:04:05.5Z', 500],
    ['2026-01-02T03:04:05.123456Z', 123.456],
    ['2026-01-02T03:04:05.000001Z', 0.001],
    ['2026-01-02T03:04:05.999999999Z', 999.999999],
  ])('%s', (time, afterMs) => {
    expect(preciseMs(time) - second).toBeCloseTo(afterMs, 3);
  });

  it.each(['', 'now', '2026-01-02', '2026-13-02T03:04:05Z', '2026-01-02T03:04:05+01:00'])(
    'refuses %j',
    (time) => {
      expect(() => preciseMs(time)).toThrow(`"${time}" is no time of an audit log`);
    },
  );
});

describe('parseAuditedWrite', () => {
  it('names a created object by what was stored, with both times', () => {
    const write = parseAuditedWrite(JSON.stringify(line));
    expect(write).toMatchObject({
      user: line.user.username,
      verb: 'create',
      resource: 'deployments',
      namespace: 'bench-1',
      name: 'shop-5d8f',
      code: 201,
      annotations: { a: 'b' },
    });
    expect((write?.answeredMs ?? 0) - (write?.receivedMs ?? 0)).toBeCloseTo(3.75, 3);
  });

  it.each(['get', 'list', 'watch'])('leaves out what only reads: %s', (verb) => {
    expect(parseAuditedWrite(JSON.stringify({ ...line, verb }))).toBeUndefined();
  });

  it('keeps the name of the request, and does without bodies', () => {
    const { responseObject: _body, ...rest } = line;
    const write = parseAuditedWrite(
      JSON.stringify({ ...rest, objectRef: { resource: 'namespaces', name: 'x' } }),
    );
    expect(write).toMatchObject({ namespace: '', name: 'x', annotations: {} });
  });

  it('knows nothing about a request without an object', () => {
    const { objectRef: _ref, ...rest } = line;
    expect(parseAuditedWrite(JSON.stringify(rest))).toBeUndefined();
  });

  it('refuses a line that is no event', () => {
    expect(() => parseAuditedWrite('{}')).toThrow('requestReceivedTimestamp');
  });
});

function write(fields: Partial<AuditedWrite> & { at: number }): AuditedWrite {
  const { at, ...rest } = fields;
  const base = {
    user: 'operator',
    verb: 'patch',
    resource: 'deployments',
    namespace: 'n',
    name: 'shop',
    code: 200,
  };
  return { ...base, receivedMs: at, answeredMs: at + 1, annotations: {}, ...rest };
}

const change = { user: 'admin', at: 100 };
const wanted = { changedBy: 'admin', user: 'operator', change: { namespace: 'n', name: 'shop' } };

describe('findReaction', () => {
  const first = { changedMs: 101, writtenMs: 104 };
  const cases: [what: string, writes: AuditedWrite[], found: object | undefined][] = [
    ['nothing happened', [], undefined],
    ['nobody acted', [write(change)], undefined],
    ['the change is somebody else', [write({ ...change, user: 'x' }), write({ at: 104 })], undefined],
    ['the object itself is written', [write(change), write({ at: 104 })], first],
    ['a child is made', [write(change), write({ at: 104, verb: 'create', name: 'shop-5d8f' })], first],
    [
      'the first of several, in whatever order they were logged',
      [write(change), write({ at: 106 }), write({ at: 104 })],
      first,
    ],
    ['an earlier write does not count', [write({ at: 99 }), write(change), write({ at: 104 })], first],
    [
      'a write that overtook the answer counts',
      [write(change), write({ at: 100.5 })],
      { changedMs: 101, writtenMs: 100.5 },
    ],
    [
      'the last change counts',
      [write({ user: 'admin', at: 50 }), write({ at: 51 }), write(change), write({ at: 104 })],
      first,
    ],
    ['events do not count', [write(change), write({ at: 102, resource: 'events' })], undefined],
    ['another namespace does not count', [write(change), write({ at: 102, namespace: 'm' })], undefined],
    ['another name does not count', [write(change), write({ at: 102, name: 'shopping' })], undefined],
    ['another user does not count', [write(change), write({ at: 102, user: 'x' })], undefined],
  ];
  it.each(cases)('%s', (_what, writes, found) => {
    const reaction = findReaction(writes, wanted);
    if (found === undefined) expect(reaction).toBeUndefined();
    else expect(reaction).toMatchObject(found);
  });
});
