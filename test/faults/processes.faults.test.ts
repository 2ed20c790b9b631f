// SPDX-License-Identifier: Apache-2.0
// What only whole processes can show: signals, clocks, and two of them for one Lease.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { resources } from '../../operator/kube/resources.ts';
import { isAt, isPromoted, release, stays } from '../e2e/support/acts.ts';
import type { CanarySpecInput } from '../e2e/support/objects.ts';
import { admin, operatorNamespace } from '../e2e/support/world.ts';
import { holderOf, nextHolder, type Runner, startRunner } from './rig/process.ts';
import { comeToRest, expectKept, inTurn, LIMIT_MS } from './rig/rows.ts';
import { furnish, type Furnished, SCALE_DOWN_DELAY_MS, untilAdopted, until } from './rig/scene.ts';

const pauseOf = (duration: string): CanarySpecInput => ({
  steps: [{ setWeight: 50 }, { pause: { duration } }],
});

interface Play {
  readonly stage: Furnished;
  /** The first one started, which leads. */
  readonly leader: Runner;
  /** Starts another one, which then waits for the Lease. */
  start(name: string): Promise<Runner>;
}

interface Row {
  readonly title: string;
  readonly spec: CanarySpecInput;
  readonly imports?: readonly string[];
  /** A second one waits for the Lease before the release begins. */
  readonly hasStandby?: true;
  /** From half of the traffic to the end of the fault. */
  readonly strike: (play: Play) => Promise<void>;
}

function tell(row: Row): void {
  const { title, spec, imports = [] } = row;
  it.concurrent(
    title,
    async () => {
      const stage = await inTurn(() => furnish({ title, mode: 'route', spec }));
      const { namespace } = stage;
      const runners: Runner[] = [];
      const start = async (name: string): Promise<Runner> => {
        const runner = await startRunner({ name, namespace, imports });
        runners.push(runner);
        await runner.isCandidate(60_000 * stage.patience);
        return runner;
      };
      try {
        await inTurn(() => play({ stage, start }, row));
        const writes = await comeToRest(stage);
        expectKept({ ...stage, weights: [50], scaleDownDelayMs: SCALE_DOWN_DELAY_MS }, writes);
      } finally {
        await Promise.all(runners.map((runner) => runner.close()));
      }
    },
    LIMIT_MS,
  );
}

async function play({ stage, start }: Omit<Play, 'leader'>, { hasStandby, strike }: Row): Promise<void> {
  const leader = await start('first');
  await untilAdopted(stage);
  if (hasStandby) await start('second');
  await release(stage, '1.1.0');
  await until(stage, 'half of the traffic', isAt(1, 50));
  await strike({ stage, leader, start });
  await until(stage, 'the end', isPromoted('1.1.0'), 30_000);
}

/** What a process has tried to write since a moment. */
function triedSince({ proxy }: Runner, sinceMs: number): string[] {
  return proxy
    .seen({ verb: 'write' })
    .filter(({ atMs }) => atMs >= sinceMs)
    .map(({ call }) => `${call.verb} ${call.resource}/${call.name}`);
}

tell({
  title: 'F08 SIGTERM while a write is under way',
  spec: pauseOf('3s'),
  strike: async ({ stage, leader, start }) => {
    const { promise: written, resolve } = Promise.withResolvers<void>();
    const onCall = (): void => resolve();
    leader.proxy.rule({
      when: { verb: 'patch', resource: 'ingresses' },
      fault: { kind: 'delay', ms: 1_500 },
      onCall,
    });
    await written;
    leader.child.kill('SIGTERM');
    expect(await leader.ended(30_000 * stage.patience)).toBe(0);
    expect(await holderOf(stage.namespace)).toBe('');
    await start('second');
  },
});

tell({
  title: 'F40 the wall clock is set two hours ahead in a pause',
  spec: pauseOf('20s'),
  imports: ['test/faults/rig/wall-clock.ts'],
  strike: async ({ stage, leader }) => {
    leader.child.kill('SIGUSR2');
    await stays(stage, 'the pause', ({ step }) => step?.index === 1, 14_000);
  },
});

tell({
  title: 'F40 the wall clock is set two hours back in a pause',
  spec: pauseOf('10s'),
  imports: ['test/faults/rig/wall-clock.ts'],
  strike: async ({ leader }) => {
    leader.child.kill('SIGHUP');
  },
});

tell({
  title: 'F42 the leader stands still for twenty seconds',
  hasStandby: true,
  spec: pauseOf('10s'),
  strike: async ({ stage, leader }) => {
    const first = await nextHolder(stage.namespace, undefined, 5_000 * stage.patience);
    leader.child.kill('SIGSTOP');
    await delay(20_000);
    const wokenMs = Date.now();
    leader.child.kill('SIGCONT');
    expect(await leader.ended(15_000 * stage.patience)).toBe(1);
    expect(triedSince(leader, wokenMs)).toEqual([]);
    await nextHolder(stage.namespace, first, 20_000 * stage.patience);
  },
});

tell({
  title: 'F44 the Lease is given to a stranger by hand',
  hasStandby: true,
  spec: pauseOf('10s'),
  strike: async ({ stage, leader }) => {
    const { namespace } = stage;
    await nextHolder(namespace, undefined, 5_000 * stage.patience);
    const editedMs = Date.now();
    await admin().mergePatch(
      resources.leases,
      { namespace: operatorNamespace, name: namespace },
      { patch: { spec: { holderIdentity: 'stranger' } }, fieldManager: 'person' },
    );
    expect(await leader.ended(15_000 * stage.patience)).toBe(1);
    expect(triedSince(leader, editedMs + 2_500 * stage.patience)).toEqual([]);
    await nextHolder(namespace, 'stranger', 30_000 * stage.patience);
  },
});

tell({
  title: 'F45 the network is cut to the leader alone',
  hasStandby: true,
  spec: pauseOf('10s'),
  strike: async ({ stage, leader }) => {
    const first = await nextHolder(stage.namespace, undefined, 5_000 * stage.patience);
    leader.proxy.cut();
    expect(await leader.ended(20_000 * stage.patience)).toBe(1);
    const mendedMs = Date.now();
    leader.proxy.mend();
    await nextHolder(stage.namespace, first, 30_000 * stage.patience);
    expect(triedSince(leader, mendedMs)).toEqual([]);
  },
});
