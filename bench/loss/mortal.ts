// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startOperator } from '../../test/e2e/support/operator.ts';
import { pointedAt } from '../../test/faults/proxy/kubeconfig.ts';
import { startFaultProxy } from '../../test/faults/proxy/proxy.ts';
import type { Fault } from '../../test/faults/proxy/rules.ts';
import { outputDir } from '../paths.ts';

/** An operator that does not survive a write, and its successors. */
export interface Mortal {
  deaths(): number;
  /** Why there was no successor any more. */
  problem(): string | undefined;
  stop(): Promise<void>;
}

/** Before the write reaches the API server, after it and before its answer, and with the answer: in turn. */
const deaths: readonly Fault[] = [{ kind: 'cutBefore' }, { kind: 'cutLost' }, { kind: 'cutAcked' }];

/** Writes that move nothing: the Lease is written all the time, and an event may be lost. */
const survived = ['leases', 'events'];

const pollMs = 5;
const port = 9152;

/**
 * Starts an operator for some namespaces whose process is killed (SIGKILL) at its first write, and another one when it
 * is dead, and so on. Each has a Lease of its own: the predecessor is surely dead, and to wait for 15 s until its Lease
 * has run out would only be a time in which nothing moves.
 */
export async function startMortal(kubeconfig: string, namespaces: readonly string[]): Promise<Mortal> {
  const proxy = await startFaultProxy(kubeconfig);
  for (const resource of survived) proxy.rule({ when: { resource }, fault: { kind: 'delay', ms: 0 } });
  mkdirSync(outputDir, { recursive: true });
  const path = join(outputDir, 'mortal.yaml');
  writeFileSync(path, pointedAt(proxy.url, readFileSync(kubeconfig, 'utf8')), { mode: 0o600 });
  let count = 0;
  let isOver = false;

  async function liveOn(): Promise<void> {
    while (!isOver) {
      const fault = deaths[count % deaths.length] ?? { kind: 'cutBefore' };
      const takeBack = proxy.rule({ when: { verb: 'write' }, fault, times: 1 });
      const name = `loss-mortal-${count}`;
      const operator = await startOperator({ name, kubeconfig: path, namespaces, port });
      while (!proxy.isCut() && !isOver) await delay(pollMs);
      await operator.stop('SIGKILL');
      takeBack();
      if (proxy.isCut()) count += 1;
      proxy.mend();
    }
  }

  let problem: string | undefined;
  const life = liveOn().catch((error: unknown) => {
    problem = `the operator that is killed: ${error instanceof Error ? error.message : String(error)}`;
  });
  return {
    deaths: () => count,
    problem: () => problem,
    async stop() {
      isOver = true;
      await life;
      await proxy.close();
    },
  };
}
