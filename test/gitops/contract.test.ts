// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { conditionsOf, rolledBack } from '../../operator/engine/rollout/views.ts';
import { contractRows, shownBy } from './contract.ts';
import { objectIn, STATES } from './states.ts';

const rows = contractRows();
const kinds = ['Canary', 'BlueGreen'] as const;
const cases = kinds.flatMap((kind) => STATES.map((state) => ({ kind, name: state.name, state })));

describe('the table of phases and conditions', () => {
  it.each(cases)('says what a $kind shows: $name', async ({ kind, state }) => {
    const shown = shownBy(await objectIn(state, kind));
    const fitting = rows.filter((one) => one.fits(shown)).map((one) => one.state);
    expect({ shown, fitting }).toEqual({ shown, fitting: expect.arrayContaining([state.row]) });
  });

  it('has a state for every row', () => {
    expect([...new Set(STATES.map(({ row }) => row))]).toEqual(rows.map(({ state }) => state));
  });

  it('fits nothing that it does not speak of', () => {
    const conditions = conditionsOf(rolledBack('Aborted', 'x')).map((condition) => ({
      ...condition,
      lastTransitionTime: '',
      observedGeneration: 1,
    }));
    const shown = shownBy({
      apiVersion: 'headway.dev/v1alpha1',
      kind: 'Canary',
      metadata: { generation: 1 },
      status: { observedGeneration: 1, phase: 'Healthy', conditions },
    });
    expect(rows.filter((row) => row.fits(shown))).toEqual([]);
  });
});
