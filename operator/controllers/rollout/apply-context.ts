// SPDX-License-Identifier: Apache-2.0
import type { Action } from '../../engine/rollout/types.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { ServedKind } from './served-kind.ts';
import type { RolloutStores } from './stores.ts';
import type { WriteLedger } from './write-ledger.ts';

export interface ApplyContext {
  readonly kind: Pick<ServedKind, 'resource'>;
  readonly client: KubeClient;
  readonly stores: RolloutStores;
  readonly ledger: WriteLedger;
}

export type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;
