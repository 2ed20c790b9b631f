// SPDX-License-Identifier: Apache-2.0
import { GROUP } from '../operator/api/group.ts';
import { type Resource, resources } from '../operator/kube/resources.ts';

/** A kind that the plugin shows and asks for verbs. */
export interface RolloutKind {
  readonly kind: 'Canary' | 'BlueGreen';
  /** As in `canary/checkout`. */
  readonly word: 'canary' | 'bluegreen';
  readonly resource: Resource;
  readonly shortName: string;
}

export const KINDS: readonly RolloutKind[] = [
  { kind: 'Canary', word: 'canary', resource: resources.canaries, shortName: 'hcan' },
  { kind: 'BlueGreen', word: 'bluegreen', resource: resources.blueGreens, shortName: 'hbg' },
];

/** The kind of a word, as kubectl takes it: singular, plural or short name, also with the group; in any case. */
export function kindOf(word: string): RolloutKind | undefined {
  const [name, ...group] = word.toLowerCase().split('.');
  if (group.length > 0 && group.join('.') !== GROUP) return undefined;
  return KINDS.find(
    ({ word: singular, resource, shortName }) =>
      name === singular || name === resource.plural || name === shortName,
  );
}
