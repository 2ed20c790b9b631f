// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createIndexes, type Indexes } from './indexes.ts';
import type { StoreEntry } from './store.ts';

interface Value {
  readonly tags: readonly string[];
}

function entry(name: string, tags: readonly string[], ownerUids: readonly string[] = []): StoreEntry<Value> {
  const names = { key: `shop/${name}`, namespace: 'shop', name, uid: `uid-${name}` };
  return { ...names, resourceVersion: '1', deleting: false, ownerUids, value: { tags } };
}

let indexes: Indexes<Value>;
beforeEach(() => {
  indexes = createIndexes<Value>({ tag: ({ tags }) => tags });
});

function tagged(tag: string): string[] {
  return [...indexes.find('tag', tag)].map(({ name }) => name);
}

describe('createIndexes', () => {
  const a = entry('a', ['red']);
  const b = entry('b', ['red', 'blue']);

  it('finds none, one and several under a value', () => {
    expect(tagged('red')).toEqual([]);
    indexes.add(a);
    expect(tagged('red')).toEqual(['a']);
    indexes.add(b);
    expect([tagged('red'), tagged('blue'), tagged('green')]).toEqual([['a', 'b'], ['b'], []]);
  });

  it.each([
    ['the first', a, ['b'], ['b']],
    ['the last', b, ['a'], []],
  ])('forgets %s of two', (_which, gone, red, blue) => {
    for (const one of [a, b]) indexes.add(one);
    indexes.remove(gone);
    expect([tagged('red'), tagged('blue')]).toEqual([red, blue]);
  });

  it('is empty again when all are gone, and can be filled again', () => {
    for (const one of [a, b]) indexes.add(one);
    for (const one of [a, b]) indexes.remove(one);
    expect([tagged('red'), [...indexes.inNamespace('shop')]]).toEqual([[], []]);
    indexes.add(b);
    expect(tagged('red')).toEqual(['b']);
  });

  it('does not lose one entry when another one that was never there is removed', () => {
    indexes.add(a);
    indexes.remove(entry('c', ['red']));
    expect(tagged('red')).toEqual(['a']);
  });

  it('holds an entry once, in its newest state, whatever it is told twice', () => {
    const twice = entry('a', ['red', 'red']);
    indexes.add(a);
    indexes.add(twice);
    expect([...indexes.find('tag', 'red')]).toEqual([twice]);
    indexes.remove(twice);
    expect(tagged('red')).toEqual([]);
  });

  it('finds by namespace and by owner in the same way', () => {
    const owned = [entry('x', [], ['o1']), entry('y', [], ['o1', 'o2'])];
    for (const one of owned) indexes.add(one);
    expect([...indexes.ownedBy('o1')]).toEqual(owned);
    expect([...indexes.ownedBy('o2')]).toEqual(owned.slice(1));
    expect([...indexes.ownedBy('o3')]).toEqual([]);
    expect([...indexes.inNamespace('shop')]).toEqual(owned);
  });
});
