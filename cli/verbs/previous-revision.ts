// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import { nameOf } from '../../operator/engine/rollout/sentences.ts';
import { CommandError } from '../exit-codes.ts';

type Previous = NonNullable<RolloutStatus['previous']>[number];

/**
 * The revision to go back to: the one of a version or a hash, or else the newest before the stable one. Throws a
 * CommandError that says which there are. Whether its pods can be had is the operator's to say.
 */
export function previousRevision(
  { previous = [], stable }: Pick<RolloutStatus, 'previous' | 'stable'>,
  to: string | undefined,
): Previous {
  const known = previous.filter(({ revision }) => revision !== stable?.revision);
  const names = known.map((one) => `${nameOf(one)} (${one.revision})`).join(', ') || 'none';
  if (to === undefined) {
    const [newest] = known;
    if (newest) return newest;
    throw new CommandError('no revision before this one is kept');
  }
  const meant = known.filter(({ revision, version }) => revision === to || version === to);
  const [one, ...others] = meant;
  if (!one) throw new CommandError(`no revision ${to} can be gone back to; there are: ${names}`);
  if (others.length > 0) {
    throw new CommandError(`${to} is the version of several revisions; name one by its hash: ${names}`);
  }
  return one;
}
