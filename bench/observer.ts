// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { KubeClient } from '../operator/kube/client.ts';
import { createKubeClient } from '../operator/kube/create-client.ts';
import type { KubeObject } from '../operator/kube/objects.ts';
import { resources } from '../operator/kube/resources.ts';
import type { Store } from '../operator/runtime/store.ts';
import type { AuditedWrite } from './audit.ts';
import { followAudit } from './audit-follower.ts';
import { operatorAccount, type Place } from './place.ts';
import { nullAccount } from './null-objects.ts';
import { until, watchResource } from './watched.ts';

/** The user that the benchmark itself is. */
export const benchUser = 'admin';
export const operatorUser = userOf(operatorAccount);
export const nullUser = userOf(nullAccount);

function userOf({ namespace, name }: { namespace: string; name: string }): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** A Canary as far as the benchmark looks at it. */
export interface CanaryView {
  stage: string;
  phase: string;
  /** The status is about the spec as it is. */
  isCurrent: boolean;
}

const CanaryShape = z.looseObject({
  status: z
    .looseObject({
      stage: z.string().default(''),
      phase: z.string().default(''),
      observedGeneration: z.int().default(0),
    })
    .prefault({}),
});

function viewOf(object: KubeObject): CanaryView {
  const { stage, phase, observedGeneration } = CanaryShape.parse(object).status;
  return { stage, phase, isCurrent: observedGeneration === object.metadata.generation };
}

/** The cluster as its administrator sees it: its Canaries, and who wrote what since the benchmark began. */
export interface Observer {
  readonly client: KubeClient;
  readonly canaries: Store<CanaryView>;
  /** Every write of the operator and of the null operator, and this user's writes of Deployments. */
  writes(): readonly AuditedWrite[];
  /** Waits until the operator has written nothing but its Lease for a time. */
  quiet(forMs: number): Promise<void>;
  close(): Promise<void>;
}

export async function openObserver(place: Place): Promise<Observer> {
  const client = createKubeClient({ source: { kind: 'default' }, userAgent: 'headway-bench' });
  const watched = await watchResource({ client, resource: resources.canaries, project: viewOf });
  const follower = followAudit(place.auditLogPath, isWanted);
  const known: AuditedWrite[] = [];

  function writes(): readonly AuditedWrite[] {
    for (const write of follower.read()) known.push(write);
    return known;
  }

  return {
    client,
    canaries: watched.store,
    writes,
    quiet: (forMs) =>
      until(`the operator to write nothing for ${forMs} ms`, quietWithinMs, () => {
        const last = writes().findLast(isOperatorsWork);
        return last === undefined || Date.now() - last.answeredMs > forMs;
      }),
    async close() {
      follower.close();
      await watched.stop();
      await client.close();
    },
  };
}

const quietWithinMs = 300_000;

/** A write of the operator that is not about its own Lease. */
export function isOperatorsWork({ user, resource }: AuditedWrite): boolean {
  return user === operatorUser && resource !== 'leases';
}

function isWanted(line: string): boolean {
  if (line.includes(`"username":"${operatorUser}"`) || line.includes(`"username":"${nullUser}"`)) return true;
  return line.includes(`"username":"${benchUser}"`) && line.includes('"resource":"deployments"');
}
