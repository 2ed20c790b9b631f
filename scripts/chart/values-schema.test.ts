// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { flagOf, OPTION_NAMES, OPTIONS } from '../../operator/config-options.ts';
import { ROUTER_NAMES } from '../../operator/api/traffic.ts';
import { ChartValues } from './values.ts';
import { OPERATOR_VALUES, operatorValues } from './values-operator.ts';
import { isSection, schemaFile, type ValueSchema, valuesSchema } from './values-schema.ts';

interface Node {
  readonly path: string;
  readonly schema: ValueSchema & { additionalProperties?: unknown };
}

function nodesOf(schema: ValueSchema, path = 'values'): Node[] {
  const below = Object.entries(schema.properties ?? {});
  return [{ path, schema }, ...below.flatMap(([name, field]) => nodesOf(field, `${path}.${name}`))];
}

const nodes = nodesOf(valuesSchema());

describe('values.schema.json', () => {
  it.each(nodes.filter(({ schema }) => isSection(schema)))(
    '$path refuses what it does not know',
    ({ schema }) => {
      expect(schema.additionalProperties).toBe(false);
    },
  );

  it.each(nodes.slice(1))('$path says what it is for', ({ schema }) => {
    expect(schema.description).toMatch(/^\S.*\.$/s);
  });

  it('has only patterns that RE2 knows', () => {
    const patterns = [...schemaFile().matchAll(/"pattern": "(.*)"/g)].map(([, pattern = '']) => pattern);
    expect(patterns.length).toBeGreaterThan(5);
    for (const pattern of patterns) expect(pattern).not.toMatch(/\(\?[=!<]|\\\\[1-9]/);
  });

  it('is of the draft that every Helm reads', () => {
    expect(JSON.parse(schemaFile())).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' });
  });
});

describe('the options of the operator', () => {
  it('are all values of the chart, each in one place', () => {
    expect([...OPERATOR_VALUES, 'namespaces', 'routers'].toSorted()).toEqual([...OPTION_NAMES].toSorted());
    expect(Object.keys(ChartValues.shape.traffic.shape).toSorted()).toEqual([...ROUTER_NAMES].toSorted());
  });

  it.each(OPERATOR_VALUES)('%s has a default that the operator takes', (name) => {
    const value = operatorValues.shape[name]?.parse(undefined);
    const given = OPTIONS[name].schema.safeParse(String(value));
    const isFilledIn = value === '';
    expect(isFilledIn || given.success).toBe(true);
    if (name !== 'leaderElectionName') expect(String(value)).toBe(OPTIONS[name].default);
  });

  // What the template makes of the name of a value: sprig's kebabcase.
  it.each(OPERATOR_VALUES)('%s has a flag that the chart can spell', (name) => {
    expect(flagOf(name)).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

describe('values', () => {
  it.each<[string, object]>([
    ['an unknown name', { replica: 1 }],
    ['an unknown name below', { operator: { worker: 1 } }],
    ['a digest that is none', { image: { digest: 'sha256:1' } }],
    ['a namespace that cannot be', { namespaces: ['A'] }],
    ['a port beyond a number', { operator: { healthAddress: 'off' } }],
    ['a duration without a unit', { operator: { shutdownGrace: '5' } }],
  ])('with %s are refused', (_, values) => {
    expect(ChartValues.partial().safeParse(values).success).toBe(false);
  });
});
