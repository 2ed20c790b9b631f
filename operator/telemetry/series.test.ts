// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { createObjectSeries, type ObjectGauge, type SeriesLabels } from './series.ts';

function fakeGauge() {
  const series = new Map<string, number>();
  const id = (labels: SeriesLabels) => JSON.stringify(labels);
  const gauge: ObjectGauge = {
    set: (labels, value) => void series.set(id(labels), value),
    remove: (labels) => void series.delete(id(labels)),
  };
  return { gauge, shown: () => Object.fromEntries(series) };
}

describe('createObjectSeries', () => {
  it('shows exactly the rows of the last call for an object', () => {
    const { gauge, shown } = fakeGauge();
    const series = createObjectSeries();
    series.show('a', gauge, [
      { labels: { o: 'a', r: '1' }, value: 1 },
      { labels: { o: 'a', r: '2' }, value: 2 },
    ]);
    series.show('b', gauge, [{ labels: { o: 'b', r: '1' }, value: 9 }]);
    series.show('a', gauge, [{ labels: { o: 'a', r: '2' }, value: 3 }]);
    expect(shown()).toEqual({ '{"o":"a","r":"2"}': 3, '{"o":"b","r":"1"}': 9 });
  });

  it('forgets one object in all metrics, noted ones too, and no other object', () => {
    const first = fakeGauge();
    const second = fakeGauge();
    const series = createObjectSeries();
    for (const o of ['a', 'b']) {
      series.show(o, first.gauge, [{ labels: { o }, value: 1 }]);
      second.gauge.set({ o }, 1);
      series.note(o, second.gauge, { o });
    }
    series.forget('a');
    series.forget('a');
    series.forget('unknown');
    expect(first.shown()).toEqual({ '{"o":"b"}': 1 });
    expect(second.shown()).toEqual({ '{"o":"b"}': 1 });
  });

  it('keeps apart label values that are alike when joined', () => {
    const { gauge, shown } = fakeGauge();
    const series = createObjectSeries();
    series.show('a', gauge, [
      { labels: { x: 'a,b', y: 'c' }, value: 1 },
      { labels: { x: 'a', y: 'b,c' }, value: 2 },
    ]);
    expect(Object.values(shown())).toEqual([1, 2]);
  });
});
