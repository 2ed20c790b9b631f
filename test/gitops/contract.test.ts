// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { conditionsOf, rolledBack } from '../../operator/engine/rollout/views.ts';
import { contractRows, shownBy } from './contract.ts';
import { metInStories } from './simulated.ts';
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

  it('says one thing of whatever the controllers have stored in random stories', async () => {
    const met = await metInStories(45);
    const problems = met.flatMap(({ seed, object }) => {
      const shown = shownBy(object);
      const fitting = rows.filter((row) => row.fits(shown));
      const said = new Set(fitting.map((row) => `${row.healthOf(shown)} ${row.kstatus}`));
      return said.size === 1 ? [] : [{ seed, kind: object.kind, shown, said: [...said] }];
    });
    expect(problems).toEqual([]);
    expect(new Set(met.map(({ object }) => object.kind)).size).toBe(2);
    expect(met.length).toBeGreaterThan(30);
  }, 120_000);

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
