// SPDX-License-Identifier: Apache-2.0
import { isJson, type Manifest } from '../manifests/manifests.ts';
import type { Path } from '../manifests/offsets.ts';

export type Fate = 'kept' | 'changed' | 'dropped';

/** What became of a field of the source, and of all that is in it. */
export interface Entry {
  readonly path: Path;
  readonly fate: Fate;
  /** Where it stands now, as `Canary/web spec.steps[0].setWeight`; absent where it is dropped. */
  readonly to?: string;
  /** Why it is another one, or none. */
  readonly why?: string;
}

/** The book of one source: nothing of it vanishes without a word. */
export class Ledger {
  readonly source: Manifest;
  private noted: Entry[] = [];

  constructor(source: Manifest) {
    this.source = source;
  }

  /** The value of a field; undefined where there is none. */
  value(...path: Path): unknown {
    return path.reduce<unknown>((found, part) => memberOf(found, part), this.source.value);
  }

  text(...path: Path): string | undefined {
    const value = this.value(...path);
    return typeof value === 'string' ? value : undefined;
  }

  number(...path: Path): number | undefined {
    const value = this.value(...path);
    return typeof value === 'number' ? value : undefined;
  }

  list(...path: Path): readonly unknown[] {
    const value = this.value(...path);
    return Array.isArray(value) ? value : [];
  }

  has(...path: Path): boolean {
    return this.value(...path) !== undefined;
  }

  /** The names of what is in an object. */
  keys(...path: Path): readonly string[] {
    const value = this.value(...path);
    return isJson(value) ? Object.keys(value) : [];
  }

  kept(path: Path, to: string): void {
    this.note({ path, fate: 'kept', to });
  }

  changed(path: Path, to: string, why: string): void {
    this.note({ path, fate: 'changed', to, why });
  }

  dropped(path: Path, why: string): void {
    this.note({ path, fate: 'dropped', why });
  }

  /** Nothing is said of what is not there. Of one path the last word counts. */
  private note(entry: Entry): void {
    if (this.value(...entry.path) === undefined) return;
    const others = this.noted.filter(
      ({ path }) => !(isWithin(path, entry.path) && isWithin(entry.path, path)),
    );
    this.noted = [...others, entry];
  }

  /** Every entry, in the order of the source; a leaf that nobody spoke of is dropped. */
  entries(): readonly Entry[] {
    const leaves = leavesOf(this.source.value);
    const silent = leaves.filter((leaf) => !this.noted.some(({ path }) => isWithin(leaf, path)));
    const all = [...this.noted, ...silent.map((path): Entry => ({ path, fate: 'dropped', why: UNKNOWN }))];
    const places = new Map(leaves.map((leaf, index) => [leaf, index]));
    const placeOf = ({ path }: Entry) => places.get(leaves.find((leaf) => isWithin(leaf, path)) ?? []) ?? 0;
    return all.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

const UNKNOWN = 'this field is not known to the converter; look whether you need what it does';

function memberOf(value: unknown, part: PropertyKey): unknown {
  const isKnown = typeof value === 'object' && value !== null && Object.hasOwn(value, part);
  return isKnown ? (value as Record<PropertyKey, unknown>)[part] : undefined;
}

/** Paths of all values that hold no other one. */
export function leavesOf(value: unknown, path: Path = []): Path[] {
  const members = Array.isArray(value) ? [...value.entries()] : isJson(value) ? Object.entries(value) : [];
  if (members.length === 0) return [path];
  return members.flatMap(([key, member]) => leavesOf(member, [...path, key]));
}

/** Whether a path is another one or in it. */
export function isWithin(path: Path, outer: Path): boolean {
  return outer.length <= path.length && outer.every((part, index) => part === path[index]);
}
