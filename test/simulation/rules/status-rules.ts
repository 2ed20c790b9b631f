// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import type { Change } from '../api/server.ts';
import { CANARY_SERVICE } from '../cluster/names.ts';
import { statusOf } from '../story/kinds.ts';
import type { World } from '../world.ts';
import type { Auditor } from './auditor.ts';

/** I5 and I9: what the status says is so. */
export function checkStatus(auditor: Auditor, world: World, { write, before, after }: Change): void {
  if (write.resource !== world.resource || write.subresource !== 'status' || !after) return;
  const [was, is] = [statusOf(before), statusOf(after)];
  if (!is) return;
  checkConditions(auditor, is);
  const { generation = 0 } = after.metadata;
  auditor.must(
    'I9',
    is.observedGeneration <= generation,
    () => `observedGeneration ${is.observedGeneration} of generation ${generation}`,
  );
  checkStable(auditor, was, is);
  checkShare(auditor, world, { was, is });
}

function checkConditions(auditor: Auditor, { conditions = [] }: RolloutStatus): void {
  const types = conditions.map(({ type }) => type);
  auditor.must('I9', new Set(types).size === types.length, () => `conditions twice: ${types.join(', ')}`);
  auditor.must('I9', types.includes('Ready'), () => 'there is no condition Ready');
  const isBoth = types.includes('Reconciling') && types.includes('Stalled');
  auditor.must('I9', !isBoth, () => 'Reconciling and Stalled together');
}

/** I5: stable changes at a promotion, or at a return to what was stable before. */
function checkStable(auditor: Auditor, was: RolloutStatus | undefined, is: RolloutStatus): void {
  const [from, to] = [was?.stable?.revision, is.stable?.revision];
  if (!was || from === undefined || from === to) return;
  auditor.must(
    'I5',
    isPromotion(is, to) || isReturn(was, { from, to, is }),
    () => `stable goes from ${from} to ${to} without a promotion or a return`,
  );
}

function isPromotion({ history = [] }: RolloutStatus, to: string | undefined): boolean {
  const [newest] = history;
  return newest?.outcome === 'Promoted' && newest.revision === to;
}

function isReturn(
  was: RolloutStatus,
  { from, to, is }: { from: string; to: string | undefined; is: RolloutStatus },
): boolean {
  return was.stage === 'Returning' && was.canary?.revision === to && is.history?.[0]?.revision === from;
}

interface Told {
  readonly was: RolloutStatus | undefined;
  readonly is: RolloutStatus;
}

/** A weight that is told as observed is what the requests follow. */
function checkShare(auditor: Auditor, world: World, { was, is }: Told): void {
  const { observed, desired } = is.weight ?? {};
  const isNew = was?.weight?.observed !== observed && desired === observed;
  if (!isNew || !is.canary || auditor.isExcused || world.story.setup.router === 'service') return;
  const percent = world.dataPlane.served.services.get(CANARY_SERVICE) ?? 0;
  auditor.must(
    'I9',
    Math.abs(percent - (observed ?? 0)) < 1,
    () =>
      `the status says that ${observed}% are observed, and ${Math.round(percent)}% of the requests go to the canary`,
  );
}
