// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { namedRevision } from './named-revision.ts';

const stable = { revision: 'aaa' };
const canary = { revision: 'bbb' };

describe('the revision that a request names', () => {
  it.each([
    ['that of the release', { stage: 'Stepping', stable, canary }, 'bbb'],
    ['that was rolled back', { stage: 'RolledBack', stable, canary }, 'bbb'],
    ['the stable one at rest', { stage: 'Idle', stable }, 'aaa'],
    ['the stable one in a bake', { stage: 'Baking', stable, canary }, 'aaa'],
    ['that of a first version', { stage: 'Judging', canary }, 'bbb'],
    ['none before the adoption', { stage: 'Adopting' }, undefined],
  ] as const)('is %s', (_, status, revision) => expect(namedRevision(status)).toBe(revision));
});
