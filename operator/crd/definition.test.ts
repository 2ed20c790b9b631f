// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { UNSEEN } from '../api/rollout-status.ts';
import { z } from 'zod';
import { crdFileName, customResourceDefinition, renderCrd } from './definition.ts';
import type { KindDefinition } from './kind-definition.ts';
import { KINDS } from './kinds.ts';
import type { StructuralSchema } from './structural.ts';

interface Crd {
  spec: {
    scope: string;
    names: { shortNames: string[]; categories: string[] };
    versions: [
      {
        subresources?: object;
        additionalPrinterColumns: { name: string; jsonPath: string; priority?: number }[];
        schema: { openAPIV3Schema: StructuralSchema };
      },
    ];
  };
}

function kindNamed(name: string): KindDefinition {
  const found = KINDS.find(({ kind }) => kind === name);
  if (!found) throw new Error(`no kind ${name}`);
  return found;
}

function crdOf(name: string): Crd {
  return customResourceDefinition(kindNamed(name)) as Crd;
}

/** The schema at a column's path; undefined when the path leads nowhere. */
function schemaAt(root: StructuralSchema, jsonPath: string): StructuralSchema | undefined {
  const names = jsonPath
    .replace(/\[\?.*?\]/, '.items')
    .split('.')
    .filter(Boolean);
  let schema: StructuralSchema | undefined = root;
  for (const name of names) schema = name === 'items' ? schema?.items : schema?.properties?.[name];
  return schema;
}

const sample: KindDefinition = {
  ...kindNamed('MetricsProvider'),
  spec: z.object({ text: z.string().max(9).describe('Text.') }),
};

describe('customResourceDefinition', () => {
  it.each([
    ['Canary', 'Namespaced', ['hcan'], ['all', 'headway']],
    ['AnalysisTemplate', 'Namespaced', ['hat'], ['headway']],
    ['MetricsProvider', 'Cluster', ['hmp'], ['headway']],
  ])('%s is %s, short %j, in %j', (name, scope, shortNames, categories) => {
    const { spec } = crdOf(name);
    expect(spec).toMatchObject({ scope, names: { shortNames, categories } });
  });

  it('gives a Canary status and scale, and the columns of the status contract', () => {
    const [version] = crdOf('Canary').spec.versions;
    expect(version.subresources).toEqual({
      status: {},
      scale: {
        specReplicasPath: '.spec.replicas',
        statusReplicasPath: '.status.replicas',
        labelSelectorPath: '.status.selector',
      },
    });
    const columns = version.additionalPrinterColumns;
    expect(columns.filter(({ priority = 0 }) => priority === 0).map(({ name }) => name)).toEqual([
      'Phase',
      'Step',
      'Weight',
      'Version',
      'Ready',
      'Age',
    ]);
    expect(columns.filter(({ priority }) => priority === 1).map(({ name }) => name)).toEqual([
      'Message',
      'Stable',
      'Next',
    ]);
  });

  it.each(KINDS)('$kind: every column and scale path leads to a field', ({ kind, columns, scale }) => {
    const root = crdOf(kind).spec.versions[0].schema.openAPIV3Schema;
    const paths = [...columns.map(({ jsonPath }) => jsonPath), ...Object.values(scale ?? {})];
    for (const path of paths.filter((each) => !each.startsWith('.metadata'))) {
      const union = /^(.*)\['(.*)','(.*)'\]$/.exec(path);
      const plain = union ? [`${union[1]}.${union[2]}`, `${union[1]}.${union[3]}`] : [path];
      for (const one of plain) expect([one, schemaAt(root, one)?.type]).toEqual([one, expect.any(String)]);
    }
  });

  it('says in every new status that its generation has not been seen', () => {
    const root = crdOf('Canary').spec.versions[0].schema.openAPIV3Schema;
    expect(root.properties?.['status']?.default).toEqual(UNSEEN);
    expect(root.required).toEqual(['spec']);
  });

  it('throws with every field that breaks a rule of the house', () => {
    const spec = z.object({ text: z.string(), list: z.array(z.boolean()).describe('List.') });
    expect(() => customResourceDefinition({ ...sample, spec })).toThrow(
      [
        'MetricsProvider:',
        'spec.text: has no description',
        'spec.text: a string without maxLength',
        'spec.list: a list without maxItems',
      ].join('\n'),
    );
  });
});

describe('renderCrd', () => {
  it('is the same text each time, without anchors', () => {
    for (const kind of KINDS) {
      expect(renderCrd(kind)).toBe(renderCrd(kind));
      expect(renderCrd(kind)).not.toMatch(/[&*]a\d/);
    }
  });

  it('throws for a CRD over 100 KB', () => {
    const spec = z.object({
      text: z
        .string()
        .max(9)
        .describe(`${'x'.repeat(100_000)}.`),
    });
    expect(() => renderCrd({ ...sample, spec })).toThrow(
      /^MetricsProvider: its CRD has 10\d{4} bytes, over 100000$/,
    );
  });

  it('names its file by the plural', () => {
    expect(KINDS.map(crdFileName)).toEqual([
      'analysistemplates.yaml',
      'bluegreens.yaml',
      'canaries.yaml',
      'metricsproviders.yaml',
    ]);
  });
});
