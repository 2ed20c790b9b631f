// SPDX-License-Identifier: Apache-2.0
import { colour, figure, lines, type Panel, styled, table } from './dashboard-panels.ts';

/** Panels side by side below a title. */
export interface DashboardRow {
  readonly title: string;
  readonly height: number;
  readonly panels: readonly Panel[];
}

/** What the variables on top choose. */
const CHOSEN = 'namespace=~"$namespace", kind=~"$kind", name=~"$name"';
const SMOOTH = { lineWidth: 2, fillOpacity: 0, spanNulls: false };
const STEPS = { ...SMOOTH, lineInterpolation: 'stepAfter' };
const FORBIDDEN = { lineWidth: 1, lineStyle: { fill: 'dash', dash: [6, 6] } };

/** Newer replicas count from 0, and only the leader counts at all: what has risen is added up over all of them. */
function rise(metric: string, by: string, more = ''): string {
  return `sum by (${by}) (increase(${metric}${more === '' ? '' : `{${more}}`}[$__rate_interval]))`;
}

function quantile(q: number, metric: string, by: string, window = '$__rate_interval'): string {
  const labels = by === '' ? 'le' : `le, ${by}`;
  return `histogram_quantile(${q}, sum by (${labels}) (rate(${metric}_bucket[${window}])))`;
}

export const dashboardRows: readonly DashboardRow[] = [
  {
    title: 'Now',
    height: 8,
    panels: [
      table(
        'Releases',
        { expr: `headway_release_info{${CHOSEN}}` },
        {
          description: 'Every Canary and BlueGreen. The candidate is empty at rest.',
          columns: {
            namespace: 'namespace',
            kind: 'kind',
            name: 'name',
            phase: 'phase',
            stable: 'stable',
            candidate: 'candidate',
          },
        },
      ),
      lines('By phase', [{ expr: `sum by (phase) (headway_release_info{${CHOSEN}})`, legend: '{{phase}}' }], {
        description: 'How many Canaries and BlueGreens are in which phase.',
        min: 0,
        custom: { ...STEPS, fillOpacity: 30, stacking: { mode: 'normal' } },
      }),
    ],
  },
  {
    title: 'A release',
    height: 8,
    panels: [
      lines(
        'Traffic',
        [{ expr: `headway_traffic_weight{${CHOSEN}}`, legend: '{{namespace}}/{{name}} {{role}}' }],
        {
          description:
            'Percent of the traffic of canary and stable, as the route says it and the data plane has confirmed.',
          unit: 'percent',
          min: 0,
          max: 100,
          custom: { ...STEPS, fillOpacity: 10 },
        },
      ),
      lines('Step', [{ expr: `headway_step{${CHOSEN}} + 1`, legend: '{{namespace}}/{{name}}' }], {
        description: 'The step that a release is at, the first is 1. No line: no release.',
        min: 0,
        custom: STEPS,
      }),
      lines(
        'Measurements',
        [
          {
            expr: rise('headway_check_verdicts_total', 'check, verdict', CHOSEN),
            legend: '{{check}} {{verdict}}',
          },
        ],
        {
          description:
            'Measurements of checks that were good, bad, or without data. Without data a release is held.',
          min: 0,
          custom: { drawStyle: 'bars', fillOpacity: 60, stacking: { mode: 'normal' } },
        },
      ),
    ],
  },
  {
    title: 'Checks: value and forbidden band',
    height: 8,
    panels: [
      lines(
        '$check',
        [
          { expr: `headway_check_value{${CHOSEN}, check="$check"}`, legend: '{{role}}' },
          {
            expr: `max by (bound) (headway_check_threshold{${CHOSEN}, check="$check", bound="min"})`,
            legend: 'min',
          },
          {
            expr: `min by (bound) (headway_check_threshold{${CHOSEN}, check="$check", bound="max"})`,
            legend: 'max',
          },
          {
            expr: `1.25 * min by (bound) (headway_check_threshold{${CHOSEN}, check="$check", bound="max"})`,
            legend: 'above max',
          },
        ],
        {
          description:
            'The newest value of the canary and of stable. Red is out of the limit. Choose one name above.',
          repeat: 'check',
          custom: SMOOTH,
          overrides: [
            styled('canary', { color: colour('yellow') }),
            styled('stable', { color: colour('green') }),
            styled('min', { color: colour('red'), ...prefixed({ ...FORBIDDEN, fillOpacity: 15 }) }),
            styled('max', { color: colour('red'), ...prefixed(FORBIDDEN) }),
            styled('above max', {
              color: colour('red'),
              ...prefixed({
                lineWidth: 0,
                fillOpacity: 15,
                fillBelowTo: 'max',
                hideFrom: { legend: true, tooltip: true, viz: false },
              }),
            }),
          ],
        },
      ),
    ],
  },
  {
    title: 'Outcomes, of all namespaces',
    height: 8,
    panels: [
      lines(
        'Releases by outcome',
        [{ expr: rise('headway_releases_total', 'outcome, reason'), legend: '{{outcome}} {{reason}}' }],
        {
          description: 'Releases that ended, with the reason.',
          min: 0,
          custom: { drawStyle: 'bars', fillOpacity: 60, stacking: { mode: 'normal' } },
        },
      ),
      lines(
        'Rollback',
        [0.5, 0.99].map((q) => ({
          expr: quantile(q, 'headway_rollback_seconds', '', '$__range'),
          legend: `p${q * 100}`,
        })),
        {
          description: 'From the decision to roll back to the write that took the traffic back.',
          unit: 's',
          min: 0,
          custom: SMOOTH,
        },
      ),
      lines(
        'Length of a release',
        [
          {
            expr: quantile(0.5, 'headway_release_duration_seconds', 'outcome', '$__range'),
            legend: '{{outcome}}',
          },
        ],
        {
          description: 'From a new revision to the end of its release, median.',
          unit: 's',
          min: 0,
          custom: SMOOTH,
        },
      ),
      lines(
        'Waiting for a person',
        [{ expr: quantile(0.5, 'headway_pause_seconds', 'by', '$__range'), legend: '{{by}}' }],
        {
          description: 'How long releases waited, by what they waited for, median.',
          unit: 's',
          min: 0,
          custom: SMOOTH,
        },
      ),
      lines(
        'Traffic changed by others',
        [{ expr: rise('headway_traffic_overwrites_total', 'manager'), legend: '{{manager}}' }],
        {
          description:
            'How often somebody else changed the traffic in a release, and Headway put it back, by field manager.',
          min: 0,
          custom: { drawStyle: 'bars', fillOpacity: 60 },
        },
      ),
    ],
  },
  {
    title: 'The operator',
    height: 7,
    panels: [
      figure('Leaders', [{ expr: 'sum(headway_leader)' }], {
        description:
          'Replicas that hold a Lease: 1 for each operator. At 0 nothing moves and nothing is rolled back.',
        steps: [
          { color: 'red', value: null },
          { color: 'green', value: 1 },
        ],
      }),
      lines('Leader', [{ expr: 'headway_leader', legend: '{{namespace}}/{{pod}}' }], {
        description: 'Which replica leads.',
        min: 0,
        max: 1,
        custom: { ...STEPS, fillOpacity: 20 },
      }),
      lines('Versions', [{ expr: 'sum by (version) (headway_build_info)', legend: '{{version}}' }], {
        description: 'How many replicas run which version.',
        min: 0,
        custom: STEPS,
      }),
    ],
  },
  {
    title: 'Reconciles and queue',
    height: 7,
    panels: [
      lines(
        'Reconcile errors',
        [
          {
            expr: rise('headway_reconcile_errors_total', 'controller, outcome'),
            legend: '{{controller}} {{outcome}}',
          },
        ],
        {
          description: 'Reconciles that threw: error is tried again with back-off, terminal needs a person.',
          min: 0,
          custom: { drawStyle: 'bars', fillOpacity: 60 },
        },
      ),
      lines(
        'Reconciles, p99',
        [{ expr: quantile(0.99, 'headway_reconcile_seconds', 'controller'), legend: '{{controller}}' }],
        { description: 'How long a reconcile takes.', unit: 's', min: 0, custom: SMOOTH },
      ),
      lines(
        'Queue',
        [{ expr: 'sum by (queue, lane) (headway_workqueue_depth)', legend: '{{queue}} {{lane}}' }],
        { description: 'Keys that wait for a worker. Rollbacks go first.', min: 0, custom: SMOOTH },
      ),
      lines(
        'Wait in the queue, p99',
        [
          {
            expr: quantile(0.99, 'headway_workqueue_wait_seconds', 'queue, lane'),
            legend: '{{queue}} {{lane}}',
          },
        ],
        {
          description: 'How long keys were ready before a worker took them.',
          unit: 's',
          min: 0,
          custom: SMOOTH,
        },
      ),
    ],
  },
  {
    title: 'The API server, and the process',
    height: 7,
    panels: [
      lines(
        'Requests by answer',
        [
          {
            expr: 'sum by (code) (rate(headway_kube_request_seconds_count[$__rate_interval]))',
            legend: '{{code}}',
          },
        ],
        {
          description: 'Attempts of calls to the API server: HTTP code, timeout, connection or protocol.',
          unit: 'reqps',
          min: 0,
          custom: SMOOTH,
        },
      ),
      lines(
        'Requests, p99',
        [{ expr: quantile(0.99, 'headway_kube_request_seconds', 'verb'), legend: '{{verb}}' }],
        { description: 'How long the API server takes, by verb.', unit: 's', min: 0, custom: SMOOTH },
      ),
      lines(
        'Watches that failed',
        [{ expr: rise('headway_watch_failures_total', 'resource'), legend: '{{resource}}' }],
        {
          description: 'Lists and watches that failed and were tried again.',
          min: 0,
          custom: { drawStyle: 'bars', fillOpacity: 60 },
        },
      ),
      lines(
        'Memory',
        [
          {
            expr: 'process_resident_memory_bytes and on (instance) headway_build_info',
            legend: '{{pod}}',
          },
        ],
        { description: 'Resident memory of each replica.', unit: 'bytes', min: 0, custom: SMOOTH },
      ),
    ],
  },
];

/** Properties of a line, as overrides name them. */
function prefixed(custom: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(custom).map(([key, value]) => [`custom.${key}`, value]));
}
