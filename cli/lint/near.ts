// SPDX-License-Identifier: Apache-2.0
import { distanceOf } from '../text/distance.ts';

/** The one of `known` that was most likely meant; undefined: none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(name.length / 3));
  const ranked = known
    .map((candidate) => ({ candidate, distance: distanceOf(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

/** "; did you mean X?", or which there are. */
export function hintOf(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean ${near}?`;
  return known.length === 0
    ? 'there are none'
    : `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`;
}
