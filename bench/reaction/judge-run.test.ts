// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { AuditedWrite } from '../audit.ts';
import { judgeRun, weightZeroAtMs } from './judge-run.ts';
import type { Shot } from './shots.ts';

function weightAt(receivedMs: number, weight: number, more: Partial<AuditedWrite> = {}): AuditedWrite {
  return {
    user: 'operator',
    verb: 'patch',
    resource: 'ingresses',
    namespace: 'n',
    name: 'shop-canary',
    code: 200,
    receivedMs,
    answeredMs: receivedMs + 1,
    annotations: { 'nginx.ingress.kubernetes.io/canary-weight': String(weight) },
    ...more,
  };
}

describe('weightZeroAtMs', () => {
  const cases: [what: string, writes: AuditedWrite[], atMs: number | undefined][] = [
    ['no write', [], undefined],
    ['never had weight', [weightAt(1, 0)], undefined],
    ['still has weight', [weightAt(1, 0), weightAt(2, 20)], undefined],
    ['taken back', [weightAt(1, 0), weightAt(2, 20), weightAt(9, 0), weightAt(11, 0)], 9],
    ['taken back in two moves', [weightAt(2, 20), weightAt(5, 10), weightAt(9, 0)], 9],
    ['a refused write did nothing', [weightAt(2, 20), weightAt(5, 0, { code: 409 }), weightAt(9, 0)], 9],
    ['another Ingress', [weightAt(2, 20), weightAt(5, 0, { name: 'other-canary' })], undefined],
    ['another kind', [weightAt(2, 20), weightAt(5, 0, { resource: 'services' })], undefined],
  ];
  it.each(cases)('%s', (_what, writes, atMs) => {
    expect(weightZeroAtMs(writes, 'shop-canary')).toBe(atMs);
  });
});

describe('judgeRun', () => {
  const shots: Shot[] = [
    { atMs: 1_000, end: 'good' },
    { atMs: 2_500, end: 'bad' },
    { atMs: 2_000, end: 'bad' },
    { atMs: 2_600, end: 'lost' },
    { atMs: 5_000, end: 'bad' },
    { atMs: 6_000, end: 'good' },
  ];

  it('counts from the first bad answer', () => {
    expect(judgeRun('10s', shots, 4_250)).toEqual({
      interval: '10s',
      weightZeroMs: 2_250,
      lastBadMs: 3_000,
      bad: 3,
      sent: 6,
      lost: 1,
    });
  });

  it('refuses a run without a bad answer: it has measured nothing', () => {
    expect(() => judgeRun('1s', shots.slice(0, 1), 1)).toThrow('gave no bad answer');
  });
});
