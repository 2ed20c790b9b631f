// SPDX-License-Identifier: Apache-2.0
// Test support: performs actions against a client and stores that know two Deployments, two Services and an Ingress.
import { canaryKind } from '../canary/kind.ts';
import type { Action } from '../../engine/rollout/types.ts';
import { apply } from './apply.ts';
import type { RolloutStores } from './stores.ts';
import { createTestClient, type TestClient } from './test-client.ts';
import { canaryFrom, DEPLOYMENT, fromYaml, SERVICE, storesWith, INGRESS } from './test-objects.ts';
import type { WriteLedger } from './write-ledger.ts';

export const OURS = { fieldManager: 'headway', force: true };

export interface TestApply {
  readonly server: TestClient;
  /** What the ledger was told. */
  readonly noted: string[];
  /** What the stores hold; a test may put others in their place. */
  stores: RolloutStores;
  /** Whether the cluster has been seen without a break. */
  isMet: boolean;
  perform(actions: readonly Action[], yaml?: string): Promise<boolean>;
}

export function createTestApply(): TestApply {
  const server = createTestClient();
  const noted: string[] = [];
  const test: TestApply = {
    server,
    noted,
    isMet: true,
    stores: knownStores(),
    perform: (actions, yaml) =>
      apply(
        { kind: canaryKind, client: server.client, stores: test.stores, ledger: ledgerOf(test) },
        canaryFrom(yaml),
        actions,
      ),
  };
  return test;
}

function knownStores(): RolloutStores {
  const target = fromYaml(DEPLOYMENT);
  const revision = { ...target, metadata: { ...target.metadata, name: 'web-aaa', uid: 'uid-web-aaa' } };
  const canaryService = fromYaml(
    '{apiVersion: v1, kind: Service, metadata: {name: checkout-canary}, spec: {}}',
  );
  return storesWith({
    deployments: [target, revision],
    services: [fromYaml(SERVICE), canaryService],
    ingresses: [fromYaml(INGRESS)],
  });
}

function ledgerOf(test: TestApply): WriteLedger {
  const { noted } = test;
  return {
    wrote: (rollout, store, { metadata }) =>
      void noted.push(`${rollout.metadata.name} wrote ${store.name} ${metadata.name}`),
    removed: (rollout, store, { key, uid }) =>
      void noted.push(`${rollout.metadata.name} removed ${store.name} ${key} ${uid}`),
    meet: () => undefined,
    hasMet: () => test.isMet,
    doubt: () => undefined,
    settle: async () => true,
    forget: () => undefined,
  };
}
