// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { EvidenceStatus } from '../../api/evidence-status.ts';
import { readEvidence, writeEvidence } from './evidence-status.ts';

const whole: EvidenceStatus = {
  until: '2026-11-21T14:00:30.000Z',
  counted: [
    [100, 3, 900, 4, 0],
    [500, 9, 1500, 6, 2.5],
  ],
  gatheringSince: '2026-11-21T14:00:00.000Z',
  gathering: [10, 0, 30, 1],
  waiting: [20, 1, 60, 0, 1],
  unsteady: 1,
  noise: [12.25, 30],
  usual: [100_000, 480],
  hasHistory: true,
};

describe('evidence in status', () => {
  it.each<[string, EvidenceStatus]>([
    ['whole', whole],
    ['steady so far', { ...whole, waiting: [20, 1, 60, 0, 0] }],
    ['fresh', { counted: [], unsteady: 0, noise: [0, 0], usual: [0, 0], hasHistory: false }],
  ])('comes back as it was: %s', (_, status) => {
    const read = readEvidence(EvidenceStatus.parse(JSON.parse(JSON.stringify(status))));
    expect(read && writeEvidence(read)).toEqual(status);
  });

  it('has names once it is read', () => {
    expect(readEvidence(whole)).toMatchObject({
      counted: [
        { canary: { requests: 100, errors: 3 }, stable: { requests: 900, errors: 4 } },
        { surplus: 2.5 },
      ],
      waiting: { stable: { requests: 60, errors: 0 }, changed: true },
      noise: { changes: 12.25, errors: 30 },
    });
  });

  it.each<[string, Partial<EvidenceStatus>]>([
    ['more errors than requests', { counted: [[3, 300, 900, 4, 0]] }],
    ['a row that was cut', { counted: [[100, 30, 900]] }],
    ['a row without surplus', { counted: [[100, 30, 900, 4]] }],
    ['a row that is too long', { counted: [[100, 30, 900, 4, 0, 7]] }],
    ['a negative count', { counted: [[100, 30, 900, -4, 0]] }],
    ['a surplus greater than the errors', { counted: [[100, 3, 900, 4, 4]] }],
    ['too many rows', { counted: Array.from({ length: 17 }, () => [100, 3, 900, 4, 0]) }],
    ['gathering without its time', { gatheringSince: undefined }],
    ['a time that is none', { until: 'yesterday' }],
    ['waiting that was cut', { waiting: [20, 1, 60, 0] }],
    ['noise that was cut', { noise: [12] }],
    ['usual counts that cannot be', { usual: [10, 11] }],
  ])('is none where it cannot be true: %s', (_, poison) => {
    expect(readEvidence({ ...whole, ...poison })).toBeUndefined();
  });
});
