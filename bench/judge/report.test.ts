// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Outcome } from './play.ts';
import { renderPlot, renderTables, withFigures } from './report.ts';
import { formatShare, summarise } from './summary.ts';

const shape = { rate: 100, errors: 0.005, min: 99 };
const nothing: Outcome = { Headway: undefined, 'Argo Rollouts': undefined, Flagger: undefined };

const summaries = [
  summarise({ ...shape, name: 'calm', healthy: true }, [
    nothing,
    { ...nothing, 'Argo Rollouts': 60 },
    nothing,
  ]),
  summarise({ ...shape, name: 'bad', healthy: false }, [
    { Headway: 30, 'Argo Rollouts': 60, Flagger: 300 },
    { ...nothing, Headway: 90, 'Argo Rollouts': 120 },
  ]),
];

describe('renderTables', () => {
  it('has a row for each scenario, healthy ones apart', () => {
    expect(
      renderTables(summaries)
        .split('\n')
        .filter((line) => line.startsWith('| ')),
    ).toEqual([
      '| scenario | Headway | Argo Rollouts | Flagger |',
      '| --- | --: | --: | --: |',
      '| calm | 0 % | 33.3 % | 0 % |',
      '| scenario | Headway | Argo Rollouts | Flagger |',
      '| --- | --: | --: | --: |',
      '| bad | 100 %, 30 s, 90 s | 100 %, 60 s, 120 s | 50.0 %, 300 s, 300 s |',
    ]);
  });
});

describe('renderPlot', () => {
  it('draws a bar for each rule of a healthy scenario', () => {
    const plot = renderPlot(summaries);
    expect(plot).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(plot).toContain('>calm</text>');
    expect(plot).not.toContain('>bad</text>');
    expect(plot).toContain('width="160.0"');
  });
});

describe('withFigures', () => {
  const begin = '<!-- figures: written by `make bench-judge` -->';
  it('replaces what stands between the marks', () => {
    expect(withFigures(`a\n${begin}\nold\n<!-- end of figures -->\nb`, 'new')).toBe(
      `a\n${begin}\n\nnew\n\n<!-- end of figures -->\nb`,
    );
  });

  it('says so where there are none', () => {
    expect(() => withFigures('a', 'new')).toThrow('the page needs <!-- figures');
  });
});

describe('formatShare', () => {
  it.each<[number, number, string]>([
    [0, 10_000, '0 %'],
    [23, 10_000, '0.23 %'],
    [4838, 10_000, '48.4 %'],
    [10_000, 10_000, '100 %'],
  ])('%d of %d is %s', (part, whole, text) => {
    expect(formatShare(part, whole)).toBe(text);
  });
});
