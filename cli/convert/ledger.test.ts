// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readManifests } from '../manifests/manifests.ts';
import { isWithin, Ledger, leavesOf } from './ledger.ts';

function ledgerOf(spec: unknown): Ledger {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'Thing', spec });
  const [manifest] = readManifests({ name: 'x', text }).manifests;
  if (!manifest) throw new Error('there is no manifest');
  return new Ledger(manifest);
}

describe('a ledger', () => {
  it('reads values, and nothing from prototypes', () => {
    const ledger = ledgerOf({ a: { b: [1, 'x'] }, empty: {} });
    expect(ledger.value('spec', 'a', 'b', 0)).toBe(1);
    expect(ledger.text('spec', 'a', 'b', 1)).toBe('x');
    expect(ledger.number('spec', 'a', 'b', 1)).toBeUndefined();
    expect(ledger.list('spec', 'a')).toEqual([]);
    expect(ledger.keys('spec')).toEqual(['a', 'empty']);
    expect(ledger.has('spec', 'constructor')).toBe(false);
    expect(ledger.value('spec', 'a', 'b', 'length', 'x')).toBeUndefined();
  });

  it('says of everything what became of it, in the order of the source', () => {
    const ledger = ledgerOf({ a: 1, b: { c: 2, d: 3 }, e: [4, 5] });
    ledger.dropped(['spec', 'e', 1], 'too many');
    ledger.changed(['spec', 'b'], 'Canary/x spec.b', 'another name');
    ledger.kept(['spec', 'a'], 'Canary/x spec.a');
    const said = ledger.entries().map(({ path, fate }) => `${path.join('.')} ${fate}`);
    expect(said).toEqual([
      'apiVersion dropped',
      'kind dropped',
      'spec.a kept',
      'spec.b changed',
      'spec.e.0 dropped',
      'spec.e.1 dropped',
    ]);
    expect(ledger.entries()[4]?.why).toMatch(/^this field is not known to the converter/);
  });

  it('says nothing of what is not there, and of one field its last word', () => {
    const ledger = ledgerOf({ a: 1 });
    ledger.kept(['spec', 'nothing'], 'x');
    ledger.kept(['spec', 'a'], 'x');
    ledger.dropped(['spec', 'a'], 'after all');
    expect(ledger.entries().filter(({ path }) => path[0] === 'spec')).toEqual([
      { path: ['spec', 'a'], fate: 'dropped', why: 'after all' },
    ]);
  });

  it('misses no leaf, whatever was noted', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.array(fc.nat(20), { maxLength: 5 }), (spec, picks) => {
        const ledger = ledgerOf(spec);
        const leaves = leavesOf(ledger.source.value);
        for (const pick of picks) {
          const leaf = leaves[pick % leaves.length] ?? [];
          ledger.kept(leaf.slice(0, 1 + (pick % Math.max(1, leaf.length))), 'x');
        }
        const entries = ledger.entries();
        for (const leaf of leaves) expect(entries.some(({ path }) => isWithin(leaf, path))).toBe(true);
      }),
    );
  });
});

describe('leavesOf', () => {
  it.each<[unknown, string[]]>([
    [5, ['']],
    [{}, ['']],
    [[], ['']],
    [{ a: null, b: [] }, ['a', 'b']],
    [{ a: { b: [1, { c: 2 }] } }, ['a.b.0', 'a.b.1.c']],
  ])('%j', (value, paths) => {
    expect(leavesOf(value).map((path) => path.join('.'))).toEqual(paths);
  });
});
