// SPDX-License-Identifier: Apache-2.0
// Test support: one Lease of an API server in memory.
import type { CallOptions, KubeClient } from '../kube/client.ts';
import { decodeApiError } from '../kube/errors.ts';
import type { Lease, LeaseSpec } from './lease-record.ts';

type LeaseClient = Pick<KubeClient, 'get' | 'create' | 'update'>;

/** What happens to one call: it may fail before or after it was applied, or take a while before or after. */
export type Fate = (apply: () => Lease) => Promise<Lease>;

export interface FakeLease {
  /** A client whose calls go through `fate`. */
  client(fate?: (options: CallOptions | undefined) => Fate): LeaseClient;
  spec(): LeaseSpec | undefined;
  /** Somebody edits the Lease by hand, or removes it with `undefined`. */
  edit(spec: LeaseSpec | undefined): void;
  /** Successful writes so far. */
  writes(): number;
}

function refused(status: number, reason: string): Error {
  return decodeApiError({ verb: 'update' }, { status, body: JSON.stringify({ kind: 'Status', reason }) });
}

export function createFakeLease(): FakeLease {
  let stored: Lease | undefined;
  let version = 0;
  let writes = 0;

  function store(lease: Lease): Lease {
    version += 1;
    stored = structuredClone({ ...lease, metadata: { ...lease.metadata, resourceVersion: String(version) } });
    return structuredClone(stored);
  }

  function read(): Lease {
    if (!stored) throw refused(404, 'NotFound');
    return structuredClone(stored);
  }

  function create(lease: Lease): Lease {
    if (stored) throw refused(409, 'AlreadyExists');
    writes += 1;
    return store(lease);
  }

  function update(lease: Lease): Lease {
    if (!stored) throw refused(404, 'NotFound');
    if (stored.metadata.resourceVersion !== lease.metadata.resourceVersion) throw refused(409, 'Conflict');
    writes += 1;
    return store(lease);
  }

  const straight: Fate = async (apply) => apply();

  return {
    client(fate = () => straight) {
      return {
        get: (_resource: unknown, _ref: unknown, options?: CallOptions) => fate(options)(read),
        create: (_resource: unknown, lease: unknown, options?: CallOptions) =>
          fate(options)(() => create(lease as Lease)),
        update: (_resource: unknown, lease: unknown, options?: CallOptions) =>
          fate(options)(() => update(lease as Lease)),
      } as unknown as LeaseClient;
    },
    spec: () => stored?.spec,
    edit(spec) {
      const metadata = { namespace: 'headway', name: 'operator' };
      if (spec) store({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
      else stored = undefined;
    },
    writes: () => writes,
  };
}
