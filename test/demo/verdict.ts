// SPDX-License-Identifier: Apache-2.0
import type { CanaryStatus } from '../../operator/api/canary-status.ts';
import type { Summary } from '../apps/load-lines.ts';

/** What the demo must come to; one sentence for each thing that came otherwise. */
export function findSurprises(status: CanaryStatus, summary: Summary): string[] {
  const outcomes = (status.history ?? []).map(({ version, outcome }) => `${version} ${outcome}`);
  const expected = ['1.2.0 RolledBack', '1.1.0 Promoted'];
  const errorsOfOthers = Object.keys(summary.appErrors).filter((version) => version !== '1.2.0');
  const badAnswers = summary.appErrors['1.2.0'] ?? 0;
  return [
    ...(outcomes.join() === expected.join()
      ? []
      : [`the releases ended as "${outcomes.join(', ')}", not as "${expected.join(', ')}"`]),
    ...(status.stable?.version === '1.1.0' ? [] : [`${status.stable?.version} is stable, not 1.1.0`]),
    ...(summary.lostTotal === 0 ? [] : [`${summary.lostTotal} requests were lost`]),
    ...(errorsOfOthers.length === 0 ? [] : [`${errorsOfOthers.join(', ')} answered with errors`]),
    ...(badAnswers > 0 ? [] : ['1.2.0 answered nothing with an error, so nothing was proven']),
  ];
}
