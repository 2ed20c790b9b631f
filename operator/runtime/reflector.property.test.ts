// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { KubeObject } from '../kube/objects.ts';
import { createReflectorRig, type ReflectorRig } from './reflector-rig.ts';

let rig: ReflectorRig;

type Act =
  | { readonly kind: 'put' | 'remove' | 'remake'; readonly name: string }
  | { readonly kind: 'end'; readonly how: 'close' | 'break' | 410 | 500 }
  | { readonly kind: 'compact'; readonly how: 'http' | 'stream' }
  | { readonly kind: 'refuseLists' | 'refuseWatches'; readonly status: 410 | 429 | 500 | 503 }
  | { readonly kind: 'silence' | 'bookmark' | 'unknown' }
  | { readonly kind: 'advance'; readonly ms: number };

const nameOf = fc.constantFrom('a', 'b', 'c');
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom('put', 'remove', 'remake'), name: nameOf }),
  fc.record({ kind: fc.constant('end' as const), how: fc.constantFrom('close', 'break', 410, 500) }),
  fc.record({ kind: fc.constant('compact' as const), how: fc.constantFrom('http', 'stream') }),
  fc.record({
    kind: fc.constantFrom('refuseLists', 'refuseWatches'),
    status: fc.constantFrom(410, 429, 500, 503),
  }),
  fc.record({ kind: fc.constantFrom('silence', 'bookmark', 'unknown') }),
  fc.record({ kind: fc.constant('advance' as const), ms: fc.constantFrom(1, 900, 5000, 95_000) }),
) as fc.Arbitrary<Act>;

const performers: { [kind in Act['kind']]: (each: Act & { kind: kind }) => void | Promise<void> } = {
  put: ({ name }) => void rig.resource.put(name, { at: rig.clock.monotonicMs() }),
  remove: ({ name }) => rig.resource.remove(name),
  remake: ({ name }) => {
    rig.resource.remove(name);
    rig.resource.put(name);
  },
  end: ({ how }) => rig.resource.endWatches(how),
  compact: ({ how }) => rig.resource.compact(how),
  refuseLists: ({ status }) => rig.resource.refuseLists(status),
  refuseWatches: ({ status }) => rig.resource.refuseWatches(status),
  silence: () => rig.resource.silenceWatches(),
  bookmark: () => rig.resource.bookmark(),
  unknown: () => rig.resource.send({ type: 'NEW', object: { apiVersion: 'v1', kind: 'X', metadata: {} } }),
  advance: ({ ms }) => rig.clock.advance(ms),
};

async function perform(each: Act): Promise<void> {
  await (performers[each.kind] as (each: Act) => void | Promise<void>)(each);
}

function served(): Record<string, string> {
  const version = ({ metadata }: KubeObject) => `${metadata.uid} ${metadata.resourceVersion}`;
  return Object.fromEntries(
    rig.resource.objects().map((each) => [`shop/${each.metadata.name}`, version(each)]),
  );
}

function shown(): Record<string, string> {
  return Object.fromEntries(
    rig.store
      .keys()
      .map((key) => [key, `${rig.store.entry(key)?.uid} ${rig.store.entry(key)?.resourceVersion}`]),
  );
}

describe('whatever happens', () => {
  const acts = fc.array(act, { maxLength: 40 });

  it('the store equals the server in the end, and what was told adds up to it', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (script) => {
        rig = createReflectorRig();
        const replayed = new Map<string, string>();
        const wrong: string[] = [];
        rig.store.onChange(({ type, entry }) => {
          const known = replayed.get(entry.key)?.split(' ')[0];
          if (known !== (type === 'add' ? undefined : entry.uid))
            wrong.push(`${type} ${entry.uid} after ${known}`);
          if (type === 'delete') replayed.delete(entry.key);
          else replayed.set(entry.key, `${entry.uid} ${entry.resourceVersion}`);
        });
        rig.reflector.start();

        for (const each of script) await perform(each);
        await rig.clock.advance(1_200_000);

        expect(shown()).toEqual(served());
        expect(wrong).toEqual([]);
        expect(Object.fromEntries(replayed)).toEqual(shown());
        expect(rig.resource.openWatches()).toBe(1);
        await rig.reflector.stop();
      }),
      { numRuns: 80 },
    );
  });

  it('nothing is asked and nothing is told after stop', async () => {
    await fc.assert(
      fc.asyncProperty(acts, acts, async (before, after) => {
        rig = createReflectorRig();
        rig.reflector.start();
        for (const each of before) await perform(each);
        await rig.reflector.stop();
        const { lists, watches } = rig.resource.calls;
        const calls = [lists.length, watches.length];
        const snapshot = shown();
        const late: unknown[] = [];
        rig.store.onChange((event) => late.push(event));

        for (const each of after) await perform(each);
        await rig.clock.advance(100_000);

        expect([lists.length, watches.length]).toEqual(calls);
        expect(shown()).toEqual(snapshot);
        expect(late).toEqual([]);
        expect(rig.resource.openWatches()).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});
