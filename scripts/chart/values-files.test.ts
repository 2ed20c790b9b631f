// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ChartValues } from './values.ts';
import { valueRows, valuesFile, withValuesTable } from './values-files.ts';
import { isSection, type ValueSchema, valuesSchema } from './values-schema.ts';

const SMALL: ValueSchema = {
  type: 'object',
  properties: {
    plain: { type: 'string', description: 'A text.', default: '' },
    chosen: { type: 'string', description: 'One.', enum: ['a', 'b'], default: 'a' },
    part: {
      type: 'object',
      description: 'A part.',
      properties: {
        port: { type: 'string', description: 'Port.', default: ':80' },
        map: { type: 'object', description: 'Map.', default: { x: '1' } },
        list: { type: 'array', description: 'List.', default: [] },
      },
    },
    unread: { type: 'boolean', description: 'Not read.' },
  },
};

describe('valuesFile', () => {
  it('has every value with a default, its meaning before it', () => {
    const text = valuesFile(SMALL);
    expect(text.slice(text.indexOf('# A text.'))).toBe(`# A text.
plain: ""

# One. One of a, b.
chosen: a

# A part.
part:
  # Port.
  port: ":80"
  # Map.
  map:
    x: "1"
  # List.
  list: []
`);
  });

  it('says what the schema has as defaults, of the chart itself', () => {
    const values: unknown = parse(valuesFile());
    expect(ChartValues.parse(values)).toEqual(values);
    expect(values).toEqual(defaultsOf(valuesSchema()));
  });
});

function defaultsOf({ properties = {} }: ValueSchema): object {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, field]) => isSection(field) || 'default' in field)
      .map(([name, field]) => [name, isSection(field) ? defaultsOf(field) : field.default]),
  );
}

describe('valueRows', () => {
  it('has a row for each value by its path', () => {
    expect(valueRows(SMALL).map(({ path, byDefault }) => [path, byDefault])).toEqual([
      ['plain', '""'],
      ['chosen', '"a"'],
      ['part.port', '":80"'],
      ['part.map', '{"x":"1"}'],
      ['part.list', '[]'],
      ['unread', ''],
    ]);
  });
});

describe('withValuesTable', () => {
  const before = 'a\n<!-- values: written by `make generate` -->\nold\n<!-- end of values -->\nz\n';

  it('writes the table between its marks, whatever stood there', () => {
    const once = withValuesTable(before);
    expect(once).toMatch(/^a\n<!-- values.*-->\n\n\| value \|/);
    expect(once).toContain('| `replicas` | `2` | Pods of the operator.');
    expect(once.split('\n')).not.toContain('old');
    expect(withValuesTable(once)).toBe(once);
  });

  it.each(['', '<!-- end of values -->', '<!-- values: written by `make generate` -->'])(
    'refuses %j',
    (readme) => {
      expect(() => withValuesTable(readme)).toThrow('the README of the chart lacks');
    },
  );
});
