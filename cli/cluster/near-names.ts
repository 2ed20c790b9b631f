// SPDX-License-Identifier: Apache-2.0
import { distanceOf } from '../text/distance.ts';

/** The names that may have been meant, the nearest first, at most three. */
export function nearNames(wanted: string, known: readonly string[]): string[] {
  const most = Math.max(2, Math.floor(wanted.length / 3));
  return known
    .map((name) => ({ name, distance: name.includes(wanted) ? 1 : distanceOf(wanted, name) }))
    .filter(({ distance }) => distance <= most)
    .toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}
