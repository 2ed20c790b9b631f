// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../kube/objects.ts';
import { microTime } from './micro-time.ts';

/** `spec` of a Lease. Anybody may have edited it, so every field may be absent or nonsense. */
export interface LeaseSpec {
  readonly holderIdentity?: unknown;
  readonly leaseDurationSeconds?: unknown;
  readonly acquireTime?: unknown;
  readonly renewTime?: unknown;
  readonly leaseTransitions?: unknown;
}

export interface Lease extends KubeObject {
  spec?: LeaseSpec;
}

/** Who takes or gives back a Lease, at what wall time, for how long. */
export interface Claim {
  readonly identity: string;
  readonly nowMs: number;
  readonly durationSeconds: number;
}

/** What client-go writes, too: a Lease must last at least a second. */
const RELEASED_SECONDS = 1;

/** A name by which others recognise the holder; '' when nobody holds the Lease. */
export function holderOf(lease: Lease): string {
  const holder = lease.spec?.holderIdentity;
  return typeof holder === 'string' ? holder : '';
}

/** When it was last written, in ms; undefined where that is nonsense. */
export function renewedMs({ spec }: Lease): number | undefined {
  const ms = Date.parse(String(spec?.renewTime));
  return Number.isNaN(ms) ? undefined : ms;
}

/** The last holder gave it back, as `released` writes it. An empty holder alone may be somebody's edit. */
export function isReleased(lease: Lease): boolean {
  return holderOf(lease) === '' && lease.spec?.leaseDurationSeconds === RELEASED_SECONDS;
}

/** The spec by which `claim.identity` holds the Lease. A renewal keeps when it was acquired. */
export function heldBy(claim: Claim, before: Lease | undefined): LeaseSpec {
  const now = microTime(claim.nowMs);
  const isRenewal = before !== undefined && holderOf(before) === claim.identity;
  const { acquireTime, leaseTransitions } = before?.spec ?? {};
  const transitions = typeof leaseTransitions === 'number' ? leaseTransitions : 0;
  return {
    holderIdentity: claim.identity,
    leaseDurationSeconds: claim.durationSeconds,
    acquireTime: isRenewal && isMicroTime(acquireTime) ? acquireTime : now,
    renewTime: now,
    leaseTransitions: before === undefined || isRenewal ? transitions : transitions + 1,
  };
}

/** The spec by which nobody holds the Lease; whoever waits for it may take it at once. */
export function released(lease: Lease, nowMs: number): LeaseSpec {
  const now = microTime(nowMs);
  return {
    ...lease.spec,
    holderIdentity: '',
    leaseDurationSeconds: RELEASED_SECONDS,
    acquireTime: now,
    renewTime: now,
  };
}

function isMicroTime(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
