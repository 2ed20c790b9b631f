// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { dashboardFile } from './dashboard.ts';
import { dashboardRows } from './dashboard-rows.ts';

interface Placed {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { x: number; y: number; w: number; h: number };
  readonly targets?: readonly { refId: string; expr: string }[];
}

const dashboard = JSON.parse(dashboardFile()) as {
  panels: Placed[];
  templating: { list: { name: string }[] };
};
const { panels } = dashboard;

describe('the dashboard', () => {
  it('has every panel of every row, and their titles', () => {
    const titles = dashboardRows.flatMap((row) => [row.title, ...row.panels.map(({ title }) => title)]);
    expect(panels.map(({ title }) => title)).toEqual(titles);
  });

  it('numbers its panels, each once', () => {
    expect(panels.map(({ id }) => id)).toEqual(panels.map((_, index) => index + 1));
  });

  it('lays no panel over another, and none outside', () => {
    const taken = new Set<string>();
    for (const { gridPos } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (const cell of cellsOf(gridPos)) {
        expect(taken.has(cell)).toBe(false);
        taken.add(cell);
      }
    }
  });

  it.each(panels.filter(({ type }) => type !== 'row'))(
    '$title says what it shows, and asks for it',
    (panel) => {
      expect(panel.description).toMatch(/^[A-Z].*\.$/);
      const letters = panel.targets?.map(({ refId }) => refId) ?? [];
      expect(letters.length).toBeGreaterThan(0);
      expect(new Set(letters).size).toBe(letters.length);
    },
  );

  it('uses only variables that it has, or that Grafana has', () => {
    const known = new Set([
      ...dashboard.templating.list.map(({ name }) => name),
      '__all',
      '__rate_interval',
      '__range',
    ]);
    const used = [...dashboardFile().matchAll(/\$\{?([a-z_]+)\}?/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  it('draws the band that is forbidden', () => {
    const check = panels.find(({ title }) => title === '$check');
    const asked = check?.targets?.map(({ expr }) => expr).join('\n');
    expect(asked).toContain('headway_check_value{');
    expect(asked).toContain('bound="min"');
    expect(asked).toContain('bound="max"');
    expect(JSON.stringify(check)).toContain('"custom.fillBelowTo","value":"max"');
  });
});

function cellsOf({ x, y, w, h }: Placed['gridPos']): string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
}
