// SPDX-License-Identifier: Apache-2.0
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeClient } from '../kube/client.ts';
import {
  connectDirectly,
  connectThroughProxy,
  createNamespace,
  type Proxied,
  until,
} from '../kube/real-server.ts';
import { resources } from '../kube/resources.ts';
import { createHurriedClock } from './hurried-clock.ts';
import { createLeaderElection, type LeaderElection } from './leader-election.ts';
import { silentLog } from './log.ts';

/** The 15 s of a Lease pass in 3 s; so do the deadlines of the calls that this test cuts off. */
const clock = createHurriedClock(5);
const NAME = 'operator';

interface Candidate {
  readonly election: LeaderElection;
  readonly through: Proxied;
  readonly stop: AbortController;
}

let admin: KubeClient;
let namespace: string;
let candidates: Candidate[];
let story: string[];

beforeAll(() => {
  admin = connectDirectly();
});

afterAll(() => admin.close());

beforeEach(async () => {
  namespace = await createNamespace(admin);
  candidates = [];
  story = [];
});

afterEach(async () => {
  for (const { election, through, stop } of candidates) {
    stop.abort(new Error('the test is over'));
    await election.release().catch(() => story.push('release failed'));
    await through.close();
  }
  await admin.delete(resources.namespaces, { name: namespace });
});

async function candidate(identity: string): Promise<Candidate> {
  const through = await connectThroughProxy();
  const election = createLeaderElection({
    client: through.client,
    namespace,
    name: NAME,
    identity,
    clock,
    log: silentLog,
    onLost: (reason) => story.push(`${identity} lost: ${reason}`),
    onLeading: (leading) => story.push(`${identity} ${leading ? 'leads' : 'leads no more'}`),
  });
  const stop = new AbortController();
  election.acquire(stop.signal).catch((error: unknown) => story.push(`${identity}: ${String(error)}`));
  const made = { election, through, stop };
  candidates.push(made);
  return made;
}

/** Waits for something while looking, each few milliseconds, that never two lead. */
async function untilWithOneLeader(what: string, holds: () => boolean): Promise<void> {
  await until(what, () => {
    expect(candidates.filter(({ election }) => election.isLeader()).length).toBeLessThanOrEqual(1);
    return holds();
  });
}

describe('two candidates and a real Lease', () => {
  it('one leads for as long as it renews', async () => {
    const [first, second] = [await candidate('a'), await candidate('b')];
    await untilWithOneLeader('one leads', () => first.election.isLeader() || second.election.isLeader());
    const leader = first.election.isLeader() ? first : second;
    const sinceMs = clock.monotonicMs();

    await untilWithOneLeader('40 s have passed', () => clock.monotonicMs() - sinceMs > 40_000);

    expect(leader.election.isLeader()).toBe(true);
    const lease = await admin.get(resources.leases, { namespace, name: NAME });
    expect(lease['spec']).toMatchObject({ leaseDurationSeconds: 15, leaseTransitions: 0 });
  });

  it('the other takes over when the leader is cut off, and not before it has stopped', async () => {
    const leader = await candidate('a');
    await until('a leads', () => leader.election.isLeader());
    const other = await candidate('b');

    leader.through.proxy.admit(false);
    leader.through.proxy.kill();

    await untilWithOneLeader('b leads', () => other.election.isLeader());
    await until('a has said so', () => story.includes('a lost: the deadline for renewal has passed'));
    expect(() => leader.election.assertLeading()).toThrow('does not hold the Lease');
  });

  it('the other takes over at once when the leader gives the Lease back', async () => {
    const leader = await candidate('a');
    await until('a leads', () => leader.election.isLeader());
    const other = await candidate('b');
    const sinceMs = clock.monotonicMs();

    await leader.election.release();
    await untilWithOneLeader('b leads', () => other.election.isLeader());

    expect(clock.monotonicMs() - sinceMs).toBeLessThan(15_000); // which a Lease that nobody gives back is held
    const lease = await admin.get(resources.leases, { namespace, name: NAME });
    expect(lease['spec']).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  });

  it('a Lease deleted by hand is made again by its leader', async () => {
    const leader = await candidate('a');
    await until('a leads', () => leader.election.isLeader());
    const other = await candidate('b');
    const sinceMs = clock.monotonicMs();
    await untilWithOneLeader('b has looked', () => clock.monotonicMs() - sinceMs > 5000);

    await admin.delete(resources.leases, { namespace, name: NAME });
    await untilWithOneLeader('30 s have passed', () => clock.monotonicMs() - sinceMs > 35_000);

    expect(leader.election.isLeader()).toBe(true);
    expect(other.election.isLeader()).toBe(false);
    expect(story).toEqual(['a leads']);
  });
});
