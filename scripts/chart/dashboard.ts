// SPDX-License-Identifier: Apache-2.0
import type { Panel } from './dashboard-panels.ts';
import { type DashboardRow, dashboardRows } from './dashboard-rows.ts';

const COLUMNS = 24;
/** Panels beside each other; more of them share several lines evenly. */
const MOST = 4;

/** The dashboard of the chart, as Grafana imports it. */
export function dashboardFile(): string {
  return `${JSON.stringify(dashboard(), undefined, 2)}\n`;
}

function dashboard() {
  return {
    uid: 'headway',
    title: 'Headway',
    description: 'Releases by Headway: traffic, checks, outcomes, and the operator itself.',
    tags: ['headway', 'kubernetes'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    templating: { list: variables() },
    panels: placed(dashboardRows),
  };
}

function variables() {
  const from = 'headway_release_info';
  return [
    { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', hide: 0 },
    variable('namespace', `label_values(${from}, namespace)`),
    variable('kind', `label_values(${from}{namespace=~"$namespace"}, kind)`),
    variable('name', `label_values(${from}{namespace=~"$namespace", kind=~"$kind"}, name)`),
    variable(
      'check',
      'label_values(headway_check_value{namespace=~"$namespace", kind=~"$kind", name=~"$name"}, check)',
    ),
  ];
}

function variable(name: string, query: string) {
  return {
    name,
    type: 'query',
    datasource: { type: 'prometheus', uid: '${datasource}' },
    definition: query,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    current: { text: ['All'], value: ['$__all'] },
  };
}

/** Each row with its title, its panels in lines of equal width, and a number for everything. */
function placed(rows: readonly DashboardRow[]): object[] {
  const all: object[] = [];
  let y = 0;
  for (const { title, height, panels } of rows) {
    all.push({
      id: all.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: place(0, y, COLUMNS, 1),
    });
    y += 1;
    const perLine = Math.ceil(panels.length / Math.ceil(panels.length / MOST));
    for (let first = 0; first < panels.length; first += perLine) {
      const line = panels.slice(first, first + perLine);
      line.forEach((panel: Panel, index) => {
        const width = COLUMNS / line.length;
        all.push({ id: all.length + 1, ...panel, gridPos: place(index * width, y, width, height) });
      });
      y += height;
    }
  }
  return all;
}

function place(x: number, y: number, w: number, h: number) {
  return { x, y, w, h };
}
