// SPDX-License-Identifier: Apache-2.0
// Test support: a reconcile of Canary web among stores, a client and a clock that a test holds.
import type { RolloutStatus } from '../../api/rollout-status.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { resources } from '../../kube/resources.ts';
import type { ReconcileContext } from '../../runtime/controller.ts';
import { silentLog } from '../../runtime/log.ts';
import { createFakeClock, type FakeClock } from '../../runtime/fake-clock.ts';
import { createOwnWrites } from '../../runtime/own-writes.ts';
import type { RecordedEvent } from '../../runtime/recorded-event.ts';
import type { Result } from '../../runtime/result.ts';
import { canaryKind } from '../canary/kind.ts';
import type { RolloutParts } from './parts.ts';
import { projectDeployment } from './projections.ts';
import { reconcileRollout } from './reconcile.ts';
import type { RolloutStores } from './stores.ts';
import { createTestClient, type TestClient } from './test-client.ts';
import { CANARY, DEPLOYMENT, fromYaml, SERVICE, shownIn, storesWith } from './test-objects.ts';
import { createWriteLedger } from './write-ledger.ts';

export const KEY = 'shop/web';
/** The revision of the target. */
export const HASH = projectDeployment(fromYaml(DEPLOYMENT)).hash;

/** Canary web, and what is to be otherwise about it. */
export function canaryWith(change: { metadata?: object; spec?: object; status?: object }): KubeObject {
  const object = fromYaml(CANARY);
  const { metadata, spec, status } = change;
  return {
    ...object,
    metadata: { ...object.metadata, ...metadata },
    spec: { ...(object['spec'] as object), ...spec },
    ...(status ? { status } : {}),
  };
}

export class TestReconcile {
  readonly server: TestClient = createTestClient();
  readonly clock: FakeClock = createFakeClock();
  /** What the sampler and the metrics were told. */
  readonly told: unknown[] = [];
  readonly events: RecordedEvent[] = [];
  readonly stores: RolloutStores = storesWith({
    canaries: [fromYaml(CANARY)],
    deployments: [fromYaml(DEPLOYMENT)],
    services: [fromYaml(SERVICE)],
  });
  /** Since when the cluster has been seen without a break. */
  seenSinceMs = Number.NEGATIVE_INFINITY;
  parts: RolloutParts;

  constructor() {
    this.server.live = (plural) => shownIn(this.stores, plural);
    this.parts = this.makeParts();
  }

  /** As the queue does it: what is to be looked at again at once is. */
  async reconcile(): Promise<Result> {
    const result = await this.reconcileOnce();
    return result.kind === 'requeue' && result.afterMs === 0 ? this.reconcileOnce() : result;
  }

  reconcileOnce(): Promise<Result> {
    const run: ReconcileContext = {
      reconcileId: '1',
      reason: 'test',
      lane: 'step',
      signal: new AbortController().signal,
      log: silentLog,
    };
    return reconcileRollout(this.parts, KEY, run);
  }

  written(): string[] {
    return this.server.calls.map(({ verb, resource, name }) => `${verb} ${resource} ${name}`);
  }

  /** The status that was applied last. */
  status(): RolloutStatus {
    const call = this.server.calls.findLast(
      ({ verb, resource }) => verb === 'apply' && resource === 'canaries',
    );
    if (!call) throw new Error('no status was written');
    return (call['object'] as { status: RolloutStatus }).status;
  }

  private makeParts(): RolloutParts {
    const { server, clock, stores, told, events } = this;
    const { client } = server;
    const sight = { since: () => this.seenSinceMs, heardSince: () => this.seenSinceMs };
    const ownWrites = createOwnWrites(clock);
    return {
      kind: canaryKind,
      client,
      stores,
      ledger: createWriteLedger(ownWrites, stores.canaries, sight),
      clock,
      sight,
      config: { read: async () => new Map() },
      sampler: {
        want: (owner, queries) => void told.push(['want', owner, queries.length]),
        latest: () => [],
        forget: (owner) => void told.push(['forget', owner]),
        stop: () => undefined,
      },
      finishing: {
        client,
        resource: resources.canaries,
        store: stores.canaries,
        ownWrites,
        recorder: { record: (event) => void events.push(event) },
        clock,
        describeFailure: (status) => ({ ...status, phase: 'Invalid' }),
      },
      telemetry: {
        recordRollout: (_kind, key, change) =>
          void told.push(['record', key, change.after.phase, change.before?.phase]),
        stallRollout: (_kind, key) => void told.push(['stall', key]),
        forgetRollout: (_kind, key) => void told.push(['forget metrics', key]),
      },
    };
  }
}
