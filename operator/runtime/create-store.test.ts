// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../kube/objects.ts';
import { createStore } from './create-store.ts';
import { type Store, type StoreEvent, type StoreSink, splitKey, toKey } from './store.ts';

interface Shown {
  readonly color: string;
  readonly tags: readonly string[];
}

function object(
  name: string,
  parts: { uid?: string; rv?: string; color?: string; owners?: string[] } = {},
): KubeObject {
  const { uid = `uid-${name}`, rv = '1', color = 'red', owners = [] } = parts;
  const ownerReferences = owners.map((owner) => ({ apiVersion: 'v1', kind: 'X', name: 'x', uid: owner }));
  const metadata = { namespace: 'shop', name, uid, resourceVersion: rv, ownerReferences };
  return { apiVersion: 'v1', kind: 'Thing', metadata, spec: { color, tags: [color, 'all'] } };
}

function project({ spec }: KubeObject): Shown {
  const { color, tags } = spec as Shown;
  if (color === 'poison') throw new Error('poison');
  return { color, tags };
}

let store: Store<Shown> & StoreSink;
let events: string[];
let errors: string[];

beforeEach(() => {
  events = [];
  errors = [];
  store = createStore<Shown>({
    name: 'things',
    project,
    indexes: { tag: ({ tags }) => tags },
    onError: (where, key, error) => errors.push(`${where} ${key}: ${(error as Error).message}`),
  });
  store.onChange((event) => events.push(describeEvent(event)));
});

function describeEvent(event: StoreEvent<Shown>): string {
  const before = event.type === 'update' ? `${event.previous.resourceVersion}>` : '';
  return `${event.type} ${event.entry.key} ${event.entry.uid} ${before}${event.entry.resourceVersion}`;
}

function replace(resourceVersion: string, ...objects: KubeObject[]): void {
  const replacement = store.beginReplace();
  for (const each of objects) replacement.add(each);
  replacement.commit(resourceVersion);
}

describe('a list', () => {
  it('shows nothing until it is committed, then everything', () => {
    const replacement = store.beginReplace();
    replacement.add(object('a'));

    expect(store.size).toBe(0);
    expect(store.hasSynced()).toBe(false);

    replacement.commit('9');

    expect(store.hasSynced()).toBe(true);
    expect(store.resourceVersion).toBe('9');
    expect(store.get('shop/a')).toEqual({ color: 'red', tags: ['red', 'all'] });
    expect(events).toEqual(['add shop/a uid-a 1']);
  });

  it('tells only what differs, deletions first', () => {
    replace('1', object('gone'), object('same'), object('changed'), object('remade'));
    events.length = 0;

    replace(
      '5',
      object('same'),
      object('changed', { rv: '2' }),
      object('remade', { uid: 'new', rv: '4' }),
      object('fresh', { rv: '5' }),
    );

    expect(events).toEqual([
      'delete shop/gone uid-gone 1',
      'update shop/changed uid-changed 1>2',
      'delete shop/remade uid-remade 1',
      'add shop/remade new 4',
      'add shop/fresh uid-fresh 5',
    ]);
    expect(store.keys().toSorted()).toEqual(['shop/changed', 'shop/fresh', 'shop/remade', 'shop/same']);
  });

  it('is in the store as a whole when the first listener is called', () => {
    const sizes: number[] = [];
    store.onChange(() => sizes.push(store.size));

    replace('1', object('a'), object('b'));

    expect(sizes).toEqual([2, 2]);
  });
});

describe('a watch', () => {
  beforeEach(() => {
    replace('1', object('a'));
    events.length = 0;
  });

  it.each<[string, () => void, string[], string]>([
    ['a change', () => store.upsert(object('a', { rv: '2' })), ['update shop/a uid-a 1>2'], '2'],
    ['a new object', () => store.upsert(object('b', { rv: '3' })), ['add shop/b uid-b 3'], '3'],
    ['the same again', () => store.upsert(object('a')), [], '1'],
    ['a deletion', () => store.remove(object('a', { rv: '4' })), ['delete shop/a uid-a 1'], '4'],
    [
      'a deletion of an earlier object of the name',
      () => store.remove(object('a', { uid: 'old', rv: '4' })),
      [],
      '4',
    ],
    ['a deletion of nothing', () => store.remove(object('c', { rv: '4' })), [], '4'],
    ['a bookmark', () => store.advance('7'), [], '7'],
    [
      'another object of the name, its deletion unseen',
      () => store.upsert(object('a', { uid: 'new', rv: '6' })),
      ['delete shop/a uid-a 1', 'add shop/a new 6'],
      '6',
    ],
  ])('%s', (_, act, expected, resourceVersion) => {
    act();

    expect(events).toEqual(expected);
    expect(store.resourceVersion).toBe(resourceVersion);
  });
});

describe('reading', () => {
  beforeEach(() => {
    const other = object('c', { owners: ['o2'] });
    replace('1', object('a', { owners: ['o1', 'o2'] }), object('b', { color: 'blue' }), {
      ...other,
      metadata: { ...other.metadata, namespace: 'else' },
    });
  });

  const colors = (values: readonly Shown[]) => values.map(({ color }) => color).toSorted();

  it('finds by namespace, owner and index', () => {
    expect(colors(store.list())).toEqual(['blue', 'red', 'red']);
    expect(colors(store.list('shop'))).toEqual(['blue', 'red']);
    expect(store.list('nowhere')).toEqual([]);
    expect(colors(store.byOwner('o2'))).toEqual(['red', 'red']);
    expect(colors(store.byOwner('o1'))).toEqual(['red']);
    expect(colors(store.byIndex('tag', 'all'))).toEqual(['blue', 'red', 'red']);
    expect(colors(store.byIndex('tag', 'blue'))).toEqual(['blue']);
  });

  it('keeps the indexes up to date', () => {
    store.upsert(object('a', { rv: '2', color: 'green' }));
    store.remove(object('b'));

    expect(colors(store.byIndex('tag', 'red'))).toEqual(['red']);
    expect(colors(store.byIndex('tag', 'green'))).toEqual(['green']);
    expect(store.byIndex('tag', 'blue')).toEqual([]);
    expect(store.byOwner('o1')).toEqual([]);
  });

  it('knows no index that was not declared', () => {
    expect(() => store.byIndex('size', 'x')).toThrow('the store has no index "size"');
  });

  it('hands out frozen values', () => {
    const value = store.get('shop/a');

    expect(Object.isFrozen(value)).toBe(true);
    expect(Object.isFrozen(value?.tags)).toBe(true);
    expect(Object.isFrozen(store.entry('shop/a'))).toBe(true);
  });

  it('tells the identity of an entry', () => {
    const deleted = object('d', { rv: '8' });
    store.upsert({
      ...deleted,
      metadata: { ...deleted.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    });

    expect(store.entry('shop/d')).toMatchObject({
      key: 'shop/d',
      namespace: 'shop',
      name: 'd',
      uid: 'uid-d',
      resourceVersion: '8',
      deleting: true,
    });
    expect(store.entry('shop/a')?.deleting).toBe(false);
  });
});

describe('one bad object', () => {
  it('is left out when it is new, and does not stop the list', () => {
    replace('1', object('bad', { color: 'poison' }), object('good'));

    expect(store.keys()).toEqual(['shop/good']);
    expect(store.hasSynced()).toBe(true);
    expect(errors).toEqual(['projection shop/bad: poison']);
  });

  it('keeps what was known of it, by watch and by list', () => {
    replace('1', object('a'));

    store.upsert(object('a', { rv: '2', color: 'poison' }));
    replace('3', object('a', { rv: '3', color: 'poison' }));

    expect(store.get('shop/a')?.color).toBe('red');
    expect(store.entry('shop/a')?.resourceVersion).toBe('1');
    expect(errors).toHaveLength(2);
  });

  it('is gone when another object of its name cannot be read', () => {
    replace('1', object('a'));

    replace('3', object('a', { uid: 'new', rv: '3', color: 'poison' }));

    expect(store.get('shop/a')).toBeUndefined();
  });
});

describe('listeners', () => {
  it('that throw disturb nobody', () => {
    const seen: string[] = [];
    store.onChange(() => {
      throw new Error('broken listener');
    });
    store.onChange(({ entry }) => seen.push(entry.key));

    replace('1', object('a'), object('b'));

    expect(seen).toEqual(['shop/a', 'shop/b']);
    expect(errors).toEqual(['listener shop/a: broken listener', 'listener shop/b: broken listener']);
  });

  it('hear nothing more once they have left', () => {
    const seen: string[] = [];
    const leave = store.onChange(({ entry }) => seen.push(entry.key));
    store.upsert(object('a'));

    leave();
    store.upsert(object('b'));

    expect(seen).toEqual(['shop/a']);
  });
});

describe('keys', () => {
  it.each([
    ['shop', 'web', 'shop/web'],
    [undefined, 'prometheus', 'prometheus'],
  ])('%s and %s make %s', (namespace, name, key) => {
    expect(toKey(namespace, name)).toBe(key);
    expect(splitKey(key)).toEqual({ namespace, name });
  });
});
