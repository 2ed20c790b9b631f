// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeLease, type FakeLease } from './fake-lease.ts';
import { createLeaderElection, type LeaderElection, NotLeadingError } from './leader-election.ts';
import type { LeaseSpec } from './lease-record.ts';
import { silentLog } from './log.ts';

let clock: FakeClock;
let lease: FakeLease;
let story: string[];
/** Candidates whose calls fail. */
let cutOff: Set<string>;
let taken: number[];

interface Candidate {
  readonly election: LeaderElection;
  readonly stop: AbortController;
  readonly acquired: Promise<void>;
}

beforeEach(() => {
  clock = createFakeClock();
  lease = createFakeLease();
  story = [];
  cutOff = new Set();
  taken = [];
});

function candidate(identity: string): Candidate {
  const client = lease.client(() => async (apply) => {
    if (cutOff.has(identity)) throw new Error('cut off');
    return apply();
  });
  const election = createLeaderElection({
    client,
    namespace: 'headway',
    name: 'operator',
    identity,
    clock,
    log: silentLog,
    random: () => 0.5,
    onLost: (reason) => story.push(`${identity} lost: ${reason}`),
    onLeading: (leading) => story.push(`${identity} ${leading ? 'leads' : 'leads no more'}`),
    onTaken: (renewedMs) => taken.push(renewedMs),
  });
  const stop = new AbortController();
  const acquired = election.acquire(stop.signal);
  acquired.catch(() => story.push(`${identity} gave up`));
  return { election, stop, acquired };
}

const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

describe('acquire', () => {
  it('makes the Lease with six fractional digits', async () => {
    const { election, acquired } = candidate('a');
    await acquired;

    expect(election.isLeader()).toBe(true);
    expect(lease.spec()).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: expect.stringMatching(MICRO_TIME),
      renewTime: expect.stringMatching(MICRO_TIME),
      leaseTransitions: 0,
    });
  });

  it('takes a Lease over at the moment at which its record has not changed for 15 s, whatever times it carries', async () => {
    lease.edit({ holderIdentity: 'dead', renewTime: '2000-01-01T00:00:00.000000Z', leaseTransitions: 3 });
    const { election } = candidate('a');

    await clock.advance(14_900);
    expect(election.isLeader()).toBe(false);
    await clock.advance(100);

    expect(election.isLeader()).toBe(true);
    expect(lease.spec()).toMatchObject({ holderIdentity: 'a', leaseTransitions: 4 });
  });

  it.each([
    [
      'its last holder died',
      { holderIdentity: 'dead', renewTime: '2000-01-01T00:00:07.500000Z' },
      [946_684_807_500],
    ],
    ['there was none', undefined, []],
    ['its time is nonsense', { holderIdentity: 'dead', renewTime: 'yesterday' }, []],
    ['it has no time', { holderIdentity: '' }, []],
  ])('says once when the Lease was last renewed before: %s', async (_what, before, times) => {
    if (before) lease.edit(before);
    candidate('a');
    await clock.advance(60_000);
    expect(taken).toEqual(times);
  });

  it('leaves a Lease alone whose record changes, even if its times are in the past', async () => {
    lease.edit({ holderIdentity: 'slow clock' });
    const { election } = candidate('a');

    for (let count = 0; count < 60; count++) {
      lease.edit({ holderIdentity: 'slow clock', renewTime: `2000-01-01T00:00:${count}.000000Z` });
      await clock.advance(1000);
    }

    expect(election.isLeader()).toBe(false);
    expect(lease.writes()).toBe(0);
  });

  it('tries again while the API server is away', async () => {
    cutOff.add('a');
    const { election } = candidate('a');
    await clock.advance(20_000);
    expect(election.isLeader()).toBe(false);

    cutOff.clear();
    await clock.advance(3200);

    expect(election.isLeader()).toBe(true);
  });

  it('ends with its signal', async () => {
    lease.edit({ holderIdentity: 'other' });
    const { acquired, stop } = candidate('a');
    await clock.advance(5000);

    stop.abort(new Error('stopping'));

    await expect(acquired).rejects.toThrow('stopping');
  });
});

describe('a leader', () => {
  it('renews every 2 s and keeps when it acquired', async () => {
    const { election, acquired } = candidate('a');
    await acquired;
    const acquireTime = lease.spec()?.acquireTime;

    await clock.advance(60_000);

    expect(election.isLeader()).toBe(true);
    expect(lease.writes()).toBe(31);
    expect(lease.spec()).toMatchObject({ acquireTime, leaseTransitions: 0 });
    expect(story).toEqual(['a leads']);
  });

  it('is undisturbed by a wall clock that jumps', async () => {
    const { election } = candidate('a');
    const other = candidate('b');
    await clock.settle();

    for (const ms of [7_200_000, -14_400_000, 7_200_000]) {
      clock.jumpWall(ms);
      await clock.advance(30_000);
    }

    expect(election.isLeader()).toBe(true);
    expect(other.election.isLeader()).toBe(false);
  });

  it('stops leading 10 s after its last renewal, before anybody may take over, and says so once', async () => {
    const { election } = candidate('a');
    const other = candidate('b');
    await clock.advance(4000);
    cutOff.add('a');

    await clock.advance(7999);
    expect(election.isLeader()).toBe(true);
    election.assertLeading();
    await clock.advance(2001);

    expect(election.isLeader()).toBe(false);
    expect(() => election.assertLeading()).toThrow(NotLeadingError);
    expect(other.election.isLeader()).toBe(false);
    await clock.advance(20_000);
    expect(other.election.isLeader()).toBe(true);
    expect(story).toEqual([
      'a leads',
      'a leads no more',
      'a lost: the deadline for renewal has passed',
      'b leads',
    ]);
  });

  it('does not lead after the process stood still, before any timer has run', async () => {
    const still = { ms: 0 };
    const standing = { ...clock, monotonicMs: () => clock.monotonicMs() + still.ms };
    const parts = { namespace: 'n', name: 'l', identity: 'a', log: silentLog, onLost: () => undefined };
    const election = createLeaderElection({ ...parts, client: lease.client(), clock: standing });
    await election.acquire(new AbortController().signal);

    still.ms = 20_000;

    expect(() => election.assertLeading()).toThrow(
      'this process does not hold the Lease; nothing may be written',
    );
    await election.release();
  });
});

describe('a Lease edited by hand', () => {
  it.each<[string, LeaseSpec | undefined]>([
    ['its holder emptied', { holderIdentity: '', leaseDurationSeconds: 15 }],
    ['its spec emptied', {}],
    ['its times nonsense', { holderIdentity: 'a', renewTime: 'yesterday', leaseDurationSeconds: 'long' }],
    ['deleted', undefined],
  ])('%s: the leader takes it back and no other steps in', async (_, spec) => {
    const { election } = candidate('a');
    const other = candidate('b');
    await clock.advance(30_000);

    lease.edit(spec);
    await clock.advance(30_000);

    expect(election.isLeader()).toBe(true);
    expect(lease.spec()?.holderIdentity).toBe('a');
    expect(other.election.isLeader()).toBe(false);
    expect(story).toEqual(['a leads']);
  });

  it('given to somebody: the leader stops at its next look, others wait the 15 s', async () => {
    const { election } = candidate('a');
    const other = candidate('b');
    await clock.advance(30_000);

    lease.edit({ ...lease.spec(), holderIdentity: 'somebody' });
    await clock.advance(2000);
    expect(election.isLeader()).toBe(false);
    expect(story).toContain('a lost: another process holds the Lease');
    await clock.advance(12_000);
    expect(other.election.isLeader()).toBe(false);
    await clock.advance(8000);

    expect(other.election.isLeader()).toBe(true);
  });
});

describe('release', () => {
  it('gives the Lease back, and the next takes it at its next look', async () => {
    const { election } = candidate('a');
    const other = candidate('b');
    await clock.advance(10_000);

    await election.release();

    expect(election.isLeader()).toBe(false);
    expect(lease.spec()).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    await clock.advance(3200);
    expect(other.election.isLeader()).toBe(true);
    expect(lease.spec()).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
    expect(story).toEqual(['a leads', 'a leads no more', 'b leads']);
  });

  it('leaves the Lease of another alone', async () => {
    const { election } = candidate('a');
    await clock.settle();
    lease.edit({ holderIdentity: 'b' });

    await election.release();

    expect(lease.spec()).toEqual({ holderIdentity: 'b' });
  });

  it('before it was acquired does nothing', async () => {
    lease.edit({ holderIdentity: 'b' });
    const { election, stop } = candidate('a');
    stop.abort(new Error('stopping'));

    await election.release();

    expect(lease.writes()).toBe(0);
    expect(clock.sleepers()).toBe(0);
  });

  it('ends the renewals', async () => {
    const { election } = candidate('a');
    await clock.settle();
    await election.release();
    const writes = lease.writes();

    await clock.advance(60_000);

    expect(lease.writes()).toBe(writes);
    expect(story).toEqual(['a leads', 'a leads no more']);
  });
});
