// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import type { Summary } from '../apps/load-lines.ts';
import { badVersion, goodVersion } from './story-line.ts';

type Requests = Pick<Summary, 'appErrors' | 'lostTotal'>;

/** What an act must come to besides: whether clients meet the bad version before it goes. */
export interface Expected {
  readonly badIsMet: boolean;
}

/** What an act of the demo must come to; one sentence for each thing that came otherwise. */
export function findSurprises(
  status: RolloutStatus,
  { appErrors, lostTotal }: Requests,
  { badIsMet }: Expected,
): string[] {
  const outcomes = (status.history ?? []).map(({ version, outcome }) => `${version} ${outcome}`);
  const expected = [`${badVersion} RolledBack`, `${goodVersion} Promoted`];
  const errorsOfOthers = Object.keys(appErrors).filter((version) => version !== badVersion);
  const isMet = (appErrors[badVersion] ?? 0) > 0;
  return [
    ...(outcomes.join() === expected.join()
      ? []
      : [`the releases ended as "${outcomes.join(', ')}", not as "${expected.join(', ')}"`]),
    ...(status.stable?.version === goodVersion
      ? []
      : [`${status.stable?.version} is stable, not ${goodVersion}`]),
    ...(lostTotal === 0 ? [] : [`${lostTotal} requests were lost`]),
    ...(errorsOfOthers.length === 0 ? [] : [`${errorsOfOthers.join(', ')} answered with errors`]),
    ...(isMet === badIsMet ? [] : [metOtherwise(isMet)]),
  ];
}

function metOtherwise(isMet: boolean): string {
  return isMet
    ? `clients met errors of ${badVersion}`
    : `no client met an error of ${badVersion}: nothing was proven`;
}
