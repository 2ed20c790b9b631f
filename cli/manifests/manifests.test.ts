// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { readAllManifests, readManifests } from './manifests.ts';
import type { Path } from './offsets.ts';

function read(text: string) {
  return readManifests({ name: 'x.yaml', text });
}

function problemsOf(text: string): string[] {
  return read(text).problems.map(({ at, message }) => `${at.line}:${at.column} ${message}`);
}

const HEAD = 'apiVersion: v1\nkind: Thing\n';

describe('readManifests', () => {
  it('reads a stream, a List, JSON, and skips what is empty', () => {
    const text = [
      '# nothing but a comment',
      `${HEAD}metadata: {name: a, namespace: shop}`,
      '',
      'null',
      '{"apiVersion": "v1", "kind": "Json"}',
      'apiVersion: v1\nkind: ThingList\nitems:\n  - apiVersion: v1\n    kind: One\n  - apiVersion: v1\n    kind: Two',
    ].join('\n---\n');
    const { manifests, problems } = read(text);
    expect(problems).toEqual([]);
    expect(manifests.map(({ kind, name, namespace }) => [kind, name, namespace])).toEqual([
      ['Thing', 'a', 'shop'],
      ['Json', '', ''],
      ['One', '', ''],
      ['Two', '', ''],
    ]);
    expect(manifests[3]?.at(['kind'])).toEqual({ file: 'x.yaml', line: 19, column: 5 });
  });

  it('keeps files apart, one after the other', () => {
    const { manifests } = readAllManifests([
      { name: 'b.yaml', text: HEAD },
      { name: 'a.yaml', text: HEAD },
    ]);
    expect(manifests.map((manifest) => manifest.at([]).file)).toEqual(['b.yaml', 'a.yaml']);
  });

  it.each<[string, Path, string]>([
    ['the object', [], '1:1'],
    ['a field', ['spec', 'list'], '4:3'],
    ['an item', ['spec', 'list', 1], '6:7'],
    ['a field of an item', ['spec', 'list', 0, 'a'], '5:7'],
    ['a field in braces', ['spec', 'list', 1, 'c'], '6:14'],
    ['what an alias leads to', ['spec', 'same', 'd'], '7:13'],
    ['a missing field: the object around it', ['spec', 'nothing', 'here'], '3:1'],
    ['a missing item: the list', ['spec', 'list', 7], '4:3'],
  ])('says where %s stands', (_, path, place) => {
    const [manifest] = read(
      `${HEAD}spec:\n  list:\n    - a: 1\n    - {b: 1, c: 2}\n  base: &x {d: 1}\n  same: *x\n`,
    ).manifests;
    const { line, column } = manifest?.at(path) ?? {};
    expect(`${line}:${column}`).toBe(place);
  });

  it.each<[string, string, unknown]>([
    ['yes is true', 'yes', true],
    ['n is false', 'n', false],
    ['"yes" is a text', '"yes"', 'yes'],
    ['a time is a text', '12:30:45', '12:30:45'],
    ['a day is a text', '2026-11-21', '2026-11-21'],
    ['a number with a gap', '1_000', 1000],
    ['a number of base 8', '010', 8],
    ['a duration', '5m', '5m'],
    ['nothing', '', null],
  ])('reads values as kubectl does: %s', (_, text, value) => {
    expect(read(`${HEAD}value: ${text}`).manifests[0]?.value['value']).toEqual(value);
  });

  it('merges what << names', () => {
    const [manifest] = read(`${HEAD}base: &b {x: 1}\nspec: {<<: *b, z: 2}`).manifests;
    expect(manifest?.value['spec']).toEqual({ x: 1, z: 2 });
  });

  it.each<[string, string, string[]]>([
    [
      'a key that stands twice',
      `${HEAD}a: 1\n"a": 2`,
      ['4:1 a: stands twice in one object; the second one wins, so keep one of them'],
    ],
    [
      'a key that stands twice in braces',
      `${HEAD}a: {b: 1, b: 2}`,
      ['3:11 b: stands twice in one object; the second one wins, so keep one of them'],
    ],
    ['a tab', `${HEAD}a:\n\tb: 1`, ['4:1 is not YAML: a tab indents the line; use spaces']],
    ['a list', '- 1', ['1:1 is no manifest: an object with apiVersion and kind is needed']],
    ['a text', '\n\nhello', ['3:1 is no manifest: an object with apiVersion and kind is needed']],
    ['no kind', 'apiVersion: v1', ['1:1 is no manifest: kind must be set, as text']],
    ['neither', 'kind: 5', ['1:1 is no manifest: apiVersion and kind must be set, as text']],
    [
      'an item of a List that is none',
      'apiVersion: v1\nkind: List\nitems:\n  - 5',
      ['4:5 is no manifest: an object with apiVersion and kind is needed'],
    ],
  ])('says what is wrong with %s', (_, text, lines) => {
    expect(problemsOf(text)).toEqual(lines);
  });

  it('finds every broken document, and reads the others', () => {
    const { manifests, problems } = read(`a: b: c\n---\n${HEAD}---\n{\n`);
    expect(manifests).toHaveLength(1);
    expect(problems[0]?.at.line).toBe(1);
    expect(problems.length).toBeGreaterThanOrEqual(2);
    for (const { message } of problems) expect(message).toMatch(/^is not YAML: \w/);
  });

  it('goes on after a key that stands twice', () => {
    expect(read(`${HEAD}a: 1\na: 2`).manifests[0]?.value['a']).toBe(2);
  });

  it('does not blow up with aliases of aliases', () => {
    const lines = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
    );
    const [problem] = problemsOf(`${HEAD}a0: &a0 x\n${lines.join('\n')}`);
    expect(problem).toMatch(/^1:1 is not YAML: Excessive alias count/);
  });

  it('says that an alias leads nowhere', () => {
    expect(problemsOf(`${HEAD}a: *b`)).toEqual([
      '1:1 is not YAML: Unresolved alias (the anchor must be set before the alias): b; write the value out',
    ]);
  });
});
