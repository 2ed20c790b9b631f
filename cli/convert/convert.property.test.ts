// SPDX-License-Identifier: Apache-2.0
// Sources with parts left out and parts put in: nothing may vanish, and nothing may break.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lint } from '../lint/lint.ts';
import { isJson, readManifests } from '../manifests/manifests.ts';
import type { Path } from '../manifests/offsets.ts';
import { convert, type Converted, streamOf } from './convert.ts';
import { isWithin, leavesOf } from './ledger.ts';

const folder = join(import.meta.dirname, 'samples');
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) =>
    readManifests({ name, text: readFileSync(join(folder, name), 'utf8') }).manifests.map(
      ({ value }) => value,
    ),
  );

/** What no object of its kind is without. */
const NEEDED =
  /^(apiVersion|kind|metadata|metadata\.(name|namespace)|spec|spec\.(strategy|targetRef|workloadRef|rules|template|selector)(\..*)?)$/;

function isNeeded(path: Path): boolean {
  const text = path.join('.');
  return NEEDED.test(text) && !/^spec\.strategy\.\w+\.\w/.test(text);
}

function everyPath(value: unknown): Path[] {
  const all = leavesOf(value).flatMap((leaf) => leaf.map((_, index) => leaf.slice(0, index + 1)));
  return [...new Map(all.map((path) => [path.join('/'), path])).values()];
}

/** The same without what is at the paths, and with an unknown field in each object of `puts`. */
function changed(value: unknown, cuts: readonly Path[], puts: readonly Path[], at: Path = []): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      const path = [...at, index];
      return cuts.some((cut) => cut.join('/') === path.join('/')) ? [] : [changed(item, cuts, puts, path)];
    });
  }
  if (!isJson(value)) return value;
  const kept = Object.entries(value).flatMap(([key, member]) => {
    const path = [...at, key];
    return cuts.some((cut) => cut.join('/') === path.join('/'))
      ? []
      : [[key, changed(member, cuts, puts, path)] as const];
  });
  const put = puts.some((one) => one.join('/') === at.join('/')) ? [['unheardOf', { a: 1 }] as const] : [];
  return Object.fromEntries([...kept, ...put]);
}

/** A source with some of its parts left out, and up to so many unknown ones in it. */
function variant(mostPuts: number) {
  return fc
    .tuple(
      fc.constantFrom(...sources),
      fc.array(fc.nat(), { maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: mostPuts }),
    )
    .map(([objects, cutPicks, putPicks]) =>
      objects.map((object, index): unknown => {
        const paths = everyPath(object);
        const optional = paths.filter((path) => !isNeeded(path));
        const pick = (picks: readonly number[], from: readonly Path[]) =>
          picks.flatMap((number) =>
            from.length === 0 ? [] : [from[(number + index * 7919) % from.length] ?? []],
          );
        return changed(object, pick(cutPicks, optional), pick(putPicks, paths));
      }),
    );
}

function converted(objects: readonly unknown[]): Converted {
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  return convert(readManifests({ name: 'x', text }).manifests);
}

function silent({ books }: Converted): string[] {
  return books.flatMap((book) => {
    const entries = book.entries();
    return leavesOf(book.source.value)
      .filter((leaf) => !entries.some(({ path }) => isWithin(leaf, path)))
      .map((leaf) => leaf.join('.'));
  });
}

describe('any source', () => {
  it('is converted without a field that vanishes', () => {
    fc.assert(
      fc.property(variant(2), (objects) => {
        expect(silent(converted(objects))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('names what nobody has heard of', () => {
    fc.assert(
      fc.property(variant(2), (objects) => {
        const { books } = converted(objects);
        for (const book of books) {
          const unheard = leavesOf(book.source.value).filter((leaf) => leaf.includes('unheardOf'));
          const entries = book.entries();
          for (const leaf of unheard) expect(entries.some(({ path }) => isWithin(leaf, path))).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('gives manifests that lint finds clean', () => {
    fc.assert(
      fc.property(variant(0), (objects) => {
        const text = streamOf(converted(objects).drafts);
        const errors = lint(readManifests({ name: 'x', text })).problems.filter(
          ({ severity }) => severity === 'error',
        );
        expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
