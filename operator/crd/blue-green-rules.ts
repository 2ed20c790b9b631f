// SPDX-License-Identifier: Apache-2.0
import type { CelRule } from '../api/rules.ts';

/** The default of a Service name at its longest is cut, and cannot be written out later; nothing else is refused by that. */
const [now, before] = ['self', 'oldSelf'].map(
  (root) =>
    `(has(${root}.spec.previewService) ? ${root}.spec.previewService.name : ${root}.spec.service.name + '-preview')`,
);

/**
 * Headway looks after one preview Service. The one before would lead to pods that end, and a share that a route still
 * gives it would be lost. Before anything is active the name may turn out to be taken.
 */
export const BLUE_GREEN_UPDATES: readonly CelRule[] = [
  {
    rule: `!(has(oldSelf.status) && has(oldSelf.status.active)) || ${now} == ${before}`,
    message:
      'previewService cannot change once a version is active, for the old one would be left with requests and without pods; delete this BlueGreen and make a new one',
    fieldPath: '.spec.previewService',
  },
];
