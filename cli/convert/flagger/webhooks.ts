// SPDX-License-Identifier: Apache-2.0
import type { Path } from '../../manifests/offsets.ts';
import type { Draft } from '../draft.ts';
import type { Ledger } from '../ledger.ts';

/** Where a person is asked. */
export interface Hooks {
  readonly hasConfirmRollout: boolean;
  readonly hasConfirmIncrease: boolean;
  readonly hasConfirmPromotion: boolean;
}

/** What becomes of the webhooks of a type, where nothing of their address is used. */
const ASKED: Readonly<Record<string, string>> = {
  'confirm-rollout': 'releasePolicy: Managed: a person admits the new version by the action admit',
  'confirm-traffic-increase': 'a pause that a person ends, after each weight but the last',
  'confirm-promotion': 'a pause that a person ends, before the promotion',
};

const DROPPED: Readonly<Record<string, string>> = {
  'pre-rollout': 'Headway calls no address; run the test as a Job: a check with job in an analysis step',
  rollout:
    'Headway calls no address; a load generator is a Deployment or a CronJob of yours, a test is a check with job',
  'post-rollout': 'Headway calls no address; watch the condition Ready, or the Event Promoted',
  rollback: 'Headway calls no address; ask by the action abort',
  event: 'Headway calls no address; watch its Events',
};

/** Webhooks ask or tell. Who was asked is a person here; who was told reads Events and metrics. */
export function convertWebhooks(ledger: Ledger, draft: Draft, analysis: Path): Hooks {
  const types = new Set<string>();
  for (const [index] of ledger.list(...analysis, 'webhooks').entries()) {
    const path = [...analysis, 'webhooks', index];
    const type = ledger.text(...path, 'type') ?? 'rollout';
    types.add(type);
    const asked = ASKED[type];
    if (asked !== undefined) {
      ledger.changed(path, draft.place(['spec']), asked);
      draft.look(['spec'], `webhook ${ledger.text(...path, 'name')} (${type}) is now: ${asked}.`);
      continue;
    }
    const why = DROPPED[type] ?? 'there are no webhooks here';
    ledger.dropped(path, why);
    draft.look(['spec'], `webhook ${ledger.text(...path, 'name')} (${type}) was dropped: ${why}.`);
  }
  return {
    hasConfirmRollout: types.has('confirm-rollout'),
    hasConfirmIncrease: types.has('confirm-traffic-increase'),
    hasConfirmPromotion: types.has('confirm-promotion'),
  };
}
