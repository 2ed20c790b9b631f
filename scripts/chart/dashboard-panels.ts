// SPDX-License-Identifier: Apache-2.0

/** A panel of Grafana without its place and number. */
export interface Panel {
  readonly title: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface Query {
  readonly expr: string;
  readonly legend?: string;
  /** One value for now, and not one for each moment. */
  readonly instant?: boolean;
}

interface Look {
  /** What a reader should know who has never seen it. */
  readonly description: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly overrides?: readonly Override[];
  readonly custom?: Readonly<Record<string, unknown>>;
  /** Colours of a figure from these values on; the first from the lowest. */
  readonly steps?: readonly { readonly color: string; readonly value: number | null }[];
  /** Name of a variable, for each value of which the panel is drawn. */
  readonly repeat?: string;
}

export interface Override {
  readonly matcher: { readonly id: string; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/** Lines over time. */
export function lines(title: string, queries: readonly Query[], look: Look): Panel {
  return {
    ...common(title, queries, look),
    type: 'timeseries',
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

/** The newest value, great. */
export function figure(title: string, queries: readonly Query[], look: Look): Panel {
  return {
    ...common(title, queries, look),
    type: 'stat',
    options: {
      colorMode: 'value',
      graphMode: 'area',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    },
  };
}

/** Labels of series that are there now, a row for each. */
export function table(
  title: string,
  query: Query,
  look: Look & { columns: Readonly<Record<string, string>> },
): Panel {
  const names = Object.keys(look.columns);
  return {
    ...common(title, [{ ...query, instant: true }], look),
    type: 'table',
    options: { showHeader: true },
    transformations: [
      { id: 'filterFieldsByName', options: { include: { names } } },
      {
        id: 'organize',
        options: {
          indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
          renameByName: look.columns,
        },
      },
    ],
  };
}

function common(title: string, queries: readonly Query[], look: Look) {
  const { description, overrides = [], repeat } = look;
  return {
    title,
    description,
    datasource: DATASOURCE,
    targets: queries.map((query, index) => target(query, index)),
    fieldConfig: { defaults: defaultsOf(look), overrides },
    ...(repeat === undefined ? {} : { repeat, repeatDirection: 'h', maxPerRow: 3 }),
  };
}

function defaultsOf({ unit = 'short', min, max, custom = {}, steps }: Look) {
  return {
    unit,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    custom,
    ...(steps === undefined
      ? { color: { mode: 'palette-classic' } }
      : { color: { mode: 'thresholds' }, thresholds: { mode: 'absolute', steps } }),
  };
}

function target({ expr, legend = '__auto', instant = false }: Query, index: number) {
  return {
    datasource: DATASOURCE,
    refId: String.fromCodePoint('A'.charCodeAt(0) + index),
    expr,
    legendFormat: legend,
    instant,
    range: !instant,
    ...(instant ? { format: 'table' } : {}),
  };
}

/** How a series of this name looks. */
export function styled(name: string, properties: Readonly<Record<string, unknown>>): Override {
  return {
    matcher: { id: 'byName', options: name },
    properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
  };
}

export function colour(fixedColor: string) {
  return { mode: 'fixed', fixedColor };
}
