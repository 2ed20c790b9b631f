// SPDX-License-Identifier: Apache-2.0
import type { CallOptions, KubeClient } from '../kube/client.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../kube/errors.ts';
import { resources } from '../kube/resources.ts';
import { abortReason, type Clock } from './clock.ts';
import { heldBy, holderOf, isReleased, type Lease, released, renewedMs } from './lease-record.ts';
import type { Log } from './log.ts';
import type { Election } from './manager.ts';

/** A write was about to be made by a process that does not lead, or may not lead any more. */
export class NotLeadingError extends Error {
  override readonly name = 'NotLeadingError';

  constructor() {
    super('this process does not hold the Lease; nothing may be written');
  }
}

export interface LeaderElectionParts {
  readonly client: Pick<KubeClient, 'get' | 'create' | 'update'>;
  readonly namespace: string;
  readonly name: string;
  /** Different for every process, e.g. the pod's name and a random part. */
  readonly identity: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The Lease is lost. The process must end: what it has in memory may no longer be true. */
  readonly onLost: (reason: string) => void;
  readonly onLeading?: ((leading: boolean) => void) | undefined;
  /** The Lease is taken from somebody who last wrote it then, by the wall clock of that process, in ms. */
  readonly onTaken?: ((renewedMs: number) => void) | undefined;
  readonly random?: (() => number) | undefined;
}

/**
 * At most one process at a time believes that it leads, as long as no clock runs more than half as fast again as
 * another. Times are client-go's: a Lease lasts 15 s, a leader that could not renew for 10 s stops leading, tries are
 * 2 s apart, those of waiting candidates up to 2.2 times that, and one of them at the moment at which the Lease runs out.
 * Whether another's Lease has run out is judged by how long its record has not changed before our eyes, by our monotonic
 * clock; the times written in it are for people.
 *
 * A Lease is no fence: a write that has left may arrive late. Destructive writes carry preconditions besides.
 */
export interface LeaderElection extends Election {
  /** This process leads, and its deadline has not passed by the monotonic clock. */
  isLeader(): boolean;
  /** Throws NotLeadingError unless isLeader. To be called before each write. */
  assertLeading(): void;
}

const LEASE_DURATION_SECONDS = 15;
const RENEW_DEADLINE_MS = 10_000;
const RETRY_PERIOD_MS = 2000;
const JITTER_FACTOR = 1.2;
/** A try that hangs must leave time for another one before the deadline. */
const CALL_TIMEOUT_MS = 5000;
const RELEASE_TIMEOUT_MS = 2000;

/** A candidate that has not begun to try. */
export function createLeaderElection(parts: LeaderElectionParts): LeaderElection {
  return new LeaseElection(parts);
}

class LeaseElection implements LeaderElection {
  private readonly parts: LeaderElectionParts;
  private readonly ending = new AbortController();
  /** The last record that differed from the one before, and when we saw it. */
  private readonly observed = { record: '', holder: '', atMs: 0 };
  private leading = false;
  private deadlineMs = 0;
  private acquiring: Promise<void> | undefined;
  private renewing: Promise<void> | undefined;

  constructor(parts: LeaderElectionParts) {
    this.parts = parts;
  }

  isLeader(): boolean {
    return this.leading && this.parts.clock.monotonicMs() < this.deadlineMs;
  }

  assertLeading(): void {
    if (!this.isLeader()) throw new NotLeadingError();
  }

  acquire(signal: AbortSignal): Promise<void> {
    this.acquiring = this.waitForLease(signal);
    return this.acquiring;
  }

  async release(): Promise<void> {
    this.ending.abort(new Error('the Lease is being released'));
    await Promise.allSettled([this.acquiring, this.renewing]);
    if (!this.leading) return;
    this.leading = false;
    this.parts.onLeading?.(false);
    const lease = await this.read({ timeoutMs: RELEASE_TIMEOUT_MS });
    if (!lease || holderOf(lease) !== this.parts.identity) return;
    const spec = released(lease, this.parts.clock.now());
    await this.parts.client.update(resources.leases, { ...lease, spec }, { timeoutMs: RELEASE_TIMEOUT_MS });
    this.parts.log.info({ identity: this.parts.identity }, 'released the Lease');
  }

  private async waitForLease(signal: AbortSignal): Promise<void> {
    const { clock, identity, log } = this.parts;
    const giveUp = () => this.ending.abort(abortReason(signal));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    log.info({ identity }, 'waiting for the Lease');
    while (!(await this.tryOnce())) {
      await clock.sleep(this.untilNextTryMs(), this.ending.signal);
    }
    // from here on only `release` ends it: reconciles in work may still need the Lease while all else stops
    signal.removeEventListener('abort', giveUp);
    log.info({ identity }, 'holding the Lease');
    this.parts.onLeading?.(true);
    this.renewing = this.renew();
  }

  /** Never past the moment at which the Lease runs out if nobody renews it. */
  private untilNextTryMs(): number {
    const { clock, random = Math.random } = this.parts;
    const leftMs = this.observed.atMs + LEASE_DURATION_SECONDS * 1000 - clock.monotonicMs();
    const usualMs = RETRY_PERIOD_MS * (1 + JITTER_FACTOR * random());
    return leftMs > 0 ? Math.min(usualMs, leftMs) : usualMs;
  }

  private async renew(): Promise<void> {
    const { signal } = this.ending;
    for (;;) {
      try {
        await this.parts.clock.sleep(RETRY_PERIOD_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      if (!this.isLeader()) return this.lose('the deadline for renewal has passed');
      await this.tryOnce();
      if (signal.aborted) return;
      if (!this.leading) return this.lose('another process holds the Lease');
    }
  }

  private lose(reason: string): void {
    this.leading = false;
    this.parts.log.error({ identity: this.parts.identity, reason }, 'lost the Lease');
    this.parts.onLeading?.(false);
    this.parts.onLost(reason);
  }

  /** Takes or renews the Lease. False when another may hold it, or when it could not be read or written. */
  private async tryOnce(): Promise<boolean> {
    try {
      return await this.takeOrRenew();
    } catch (error) {
      if (!isRace(error)) return this.reportFailure(error);
    }
    try {
      return await this.takeOrRenew(); // somebody was faster: see at once who it was
    } catch (error) {
      return isRace(error) ? false : this.reportFailure(error);
    }
  }

  private reportFailure(err: unknown): false {
    if (!this.ending.signal.aborted) this.parts.log.warn({ err }, 'the Lease could not be read or written');
    return false;
  }

  private async takeOrRenew(): Promise<boolean> {
    const startMs = this.parts.clock.monotonicMs();
    const options = { timeoutMs: CALL_TIMEOUT_MS, signal: this.ending.signal };
    const lease = await this.read(options);
    if (this.mayBeHeldByAnother(lease)) {
      this.leading = false;
      return false;
    }
    await this.write(lease, options);
    const before = lease && renewedMs(lease);
    if (!this.leading && before !== undefined) this.parts.onTaken?.(before);
    this.leading = true;
    // counted from before the write: others may count from when it was stored
    this.deadlineMs = startMs + RENEW_DEADLINE_MS;
    return true;
  }

  private async read(options: CallOptions): Promise<Lease | undefined> {
    const { client, namespace, name } = this.parts;
    try {
      return await client.get<Lease>(resources.leases, { namespace, name }, options);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  private async write(lease: Lease | undefined, options: CallOptions): Promise<void> {
    const { client, namespace, name, identity, clock } = this.parts;
    const spec = heldBy({ identity, nowMs: clock.now(), durationSeconds: LEASE_DURATION_SECONDS }, lease);
    if (lease) {
      await client.update<Lease>(resources.leases, { ...lease, spec }, options);
      return;
    }
    const created = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace, name },
      spec,
    };
    await client.create<Lease>(resources.leases, created, options);
  }

  /**
   * Another holder's record has not been unchanged for the whole duration yet. A Lease that vanished, or lost its
   * holder without having been released, was edited by hand: its holder may still be leading, and is given the time
   * to notice.
   */
  private mayBeHeldByAnother(lease: Lease | undefined): boolean {
    const nowMs = this.parts.clock.monotonicMs();
    const { observed } = this;
    if (lease) this.observe(lease, nowMs);
    const holder = lease ? holderOf(lease) : '';
    if (lease && isReleased(lease)) return false;
    const lastHolder = holder === '' ? observed.holder : holder;
    if (lastHolder === '' || lastHolder === this.parts.identity) return false;
    return nowMs < observed.atMs + LEASE_DURATION_SECONDS * 1000;
  }

  private observe(lease: Lease, nowMs: number): void {
    const record = JSON.stringify(lease.spec ?? {});
    if (record === this.observed.record) return;
    const holder = holderOf(lease) === '' ? this.observed.holder : holderOf(lease);
    Object.assign(this.observed, { record, holder, atMs: nowMs });
  }
}

function isRace(error: unknown): boolean {
  return isConflict(error) || isAlreadyExists(error);
}
