// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { KindDefinition } from '../../operator/crd/kind-definition.ts';
import { KINDS } from '../../operator/crd/kinds.ts';
import type { StructuralSchema } from '../../operator/crd/structural.ts';
import { anchorsOf } from '../../test/docs/markdown.ts';
import { referencePage } from './page.ts';
import { sectionsOf } from './sections.ts';

const schema: StructuralSchema = {
  description: 'All.',
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', description: 'Its name.' },
    wait: {
      type: 'string',
      default: '5s',
      'x-kubernetes-validations': [{ rule: 'true', message: 'must be short' }],
    },
    steps: {
      type: 'array',
      items: { type: 'object', description: 'One.', properties: { weight: { type: 'integer' } } },
    },
    labels: {
      type: 'object',
      additionalProperties: { type: 'object', properties: { exact: { type: 'string' } } },
    },
  },
  'x-kubernetes-validations': [{ rule: 'true', message: 'set one' }, { rule: 'false' }],
};

describe('sectionsOf', () => {
  const sections = sectionsOf(schema, 'spec');

  it('goes from the outside to the inside, into lists and maps', () => {
    expect(sections.map(({ path, description }) => [path, description])).toEqual([
      ['spec', 'All.'],
      ['spec.steps[]', 'One.'],
      ['spec.labels.*', ''],
    ]);
  });

  it('tells of each field what it may be, and where more stands', () => {
    const common = { isRequired: false, byDefault: undefined, description: '', section: undefined };
    expect(sections[0]?.fields).toEqual([
      { ...common, name: 'name', type: 'string', isRequired: true, description: 'Its name.' },
      { ...common, name: 'wait', type: 'string', byDefault: '"5s"' },
      { ...common, name: 'steps', type: 'list of objects', section: 'spec.steps[]' },
      { ...common, name: 'labels', type: 'map of objects', section: 'spec.labels.*' },
    ]);
  });

  it('tells what is refused of the object, and of fields that have no section', () => {
    expect(sections.map(({ rules }) => rules)).toEqual([['set one', '`wait`: must be short'], [], []]);
  });
});

const kind: KindDefinition = {
  kind: 'Shelf',
  plural: 'shelves',
  singular: 'shelf',
  shortName: 'hsh',
  categories: ['headway'],
  scope: 'Cluster',
  description: 'A shelf <name> holds books.',
  spec: z.strictObject({
    books: z
      .array(z.strictObject({ title: z.string().min(1).max(9).describe('A | B.') }))
      .min(1)
      .max(3)
      .describe('Books.'),
  }),
  specDescription: 'What is on it.',
  columns: [
    { name: 'Books', type: 'integer', jsonPath: '.spec.books', description: 'How many.', priority: 1 },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  rules: [{ rule: 'true', message: 'no book twice' }],
};

describe('referencePage', () => {
  it('is a page of Markdown', () => {
    expect(referencePage(kind).split('\n\n')).toEqual([
      '# Shelf',
      '<!-- Made from operator/api by `make generate`. Do not edit. -->',
      'A shelf &lt;name> holds books.',
      '`apiVersion: headway.dev/v1alpha1`, `kind: Shelf`, in no namespace. `kubectl get shelves`, short `hsh`; `kubectl explain shelves.spec` says the same as this page.',
      'Columns of `kubectl get`:',
      '| column | what it says |\n|---|---|\n| Books (`-o wide`) | How many. |',
      'Refused otherwise:',
      '- no book twice',
      '## spec',
      'What is on it.',
      '| field | value | what it is |\n|---|---|---|\n| [`books`](#specbooks) | **required**, list of objects, 1 to 3 items | Books. |',
      '## spec.books[]',
      '| field | value | what it is |\n|---|---|---|\n| `title` | **required**, string, 1 to 9 characters | A \\| B. |\n',
    ]);
  });

  it.each(KINDS.map((one): [string, KindDefinition] => [one.kind, one]))(
    'of %s leads only to sections that it has, and describes every field',
    (_, one) => {
      const text = referencePage(one);
      const headings = anchorsOf(text);
      const links = [...text.matchAll(/\]\(#([^)]*)\)/g)].map(([, link]) => link);
      expect(links.filter((link) => !headings.includes(link ?? ''))).toEqual([]);
      expect(text).not.toMatch(/^\|.*\| {2}\|$/m);
    },
  );
});
