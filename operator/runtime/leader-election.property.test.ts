// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CallOptions } from '../kube/client.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeLease, type Fate } from './fake-lease.ts';
import { createLeaderElection, type LeaderElection } from './leader-election.ts';
import { silentLog } from './log.ts';

/** What the network does to the calls of one candidate from some moment on. */
type Network =
  | { readonly kind: 'well' }
  | { readonly kind: 'lost before' }
  | { readonly kind: 'answer lost' }
  | { readonly kind: 'slow'; readonly beforeMs: number; readonly afterMs: number };

interface Turn {
  readonly candidate: number;
  readonly network: Network;
  readonly forMs: number;
}

const CANDIDATES = ['a', 'b', 'c'];

const network: fc.Arbitrary<Network> = fc.oneof(
  fc.constantFrom<Network>({ kind: 'well' }, { kind: 'lost before' }, { kind: 'answer lost' }),
  fc.record({ kind: fc.constant('slow' as const), beforeMs: fc.nat(9000), afterMs: fc.nat(9000) }),
);

const turns: fc.Arbitrary<Turn[]> = fc.array(
  fc.record({ candidate: fc.nat(CANDIDATES.length - 1), network, forMs: fc.nat(30_000) }),
  { minLength: 1, maxLength: 15 },
);

/** A call under that network. A call that has timed out may still be applied afterwards, as in real life. */
function fateOf(clock: FakeClock, state: Network, options: CallOptions | undefined): Fate {
  const timeout = async () => {
    await clock.sleep(options?.timeoutMs ?? 5000, options?.signal);
    throw new Error('timed out');
  };
  return async (apply) => {
    if (state.kind === 'well') return apply();
    if (state.kind === 'lost before') throw new Error('connection refused');
    if (state.kind === 'answer lost') {
      apply();
      throw new Error('connection reset');
    }
    const arrive = async () => {
      await clock.sleep(state.beforeMs);
      const answer = apply();
      await clock.sleep(state.afterMs);
      return answer;
    };
    const answer = arrive();
    answer.catch(() => undefined); // nobody may be left to hear it
    return Promise.race([answer, timeout()]);
  };
}

describe('whatever the network does', () => {
  it('at most one leads at any moment, and somebody leads once it is well again', async () => {
    await fc.assert(
      fc.asyncProperty(turns, async (script) => {
        const clock = createFakeClock();
        const lease = createFakeLease();
        const networks: Network[] = CANDIDATES.map(() => ({ kind: 'well' }));
        const elections: LeaderElection[] = [];
        const start = (index: number, life: number) => {
          const client = lease.client((options) =>
            fateOf(clock, networks[index] ?? { kind: 'well' }, options),
          );
          const identity = `${CANDIDATES[index]}-${life}`;
          const election = createLeaderElection({
            client,
            namespace: 'n',
            name: 'l',
            identity,
            clock,
            log: silentLog,
            onLost: () => start(index, life + 1), // the process ends and is started again
          });
          elections[index] = election;
          election.acquire(new AbortController().signal).catch(() => undefined); // only release ends it
        };
        let most = 0;
        const pass = async (ms: number) => {
          for (let left = ms; left > 0; left -= 250) {
            await clock.advance(Math.min(left, 250));
            most = Math.max(most, elections.filter((election) => election.isLeader()).length);
          }
        };
        for (const index of CANDIDATES.keys()) start(index, 1);

        for (const { candidate, network: next, forMs } of script) {
          networks[candidate] = next;
          await pass(forMs);
        }
        networks.fill({ kind: 'well' });
        await pass(45_000);

        expect(most).toBe(1);
        expect(elections.filter((election) => election.isLeader())).toHaveLength(1);
        await Promise.all(elections.map((election) => election.release()));
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
