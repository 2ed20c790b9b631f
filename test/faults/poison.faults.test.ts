// SPDX-License-Identifier: Apache-2.0
// One bad object stops nobody.
import { expect, it } from '@jest/globals';
import { isPromoted, readStatus, release } from '../e2e/support/acts.ts';
import { waitFor } from '../e2e/support/wait.ts';
import { startFaultProxy } from './proxy/proxy.ts';
import { operatorKubeconfig, startInstance } from './rig/instance.ts';
import { inTurn, LIMIT_MS } from './rig/rows.ts';
import { furnish, until, untilAdopted } from './rig/scene.ts';

const shops = 4;

async function playPoison(): Promise<void> {
  const stages = await Promise.all(
    Array.from({ length: shops }, (_, index) => furnish({ title: `F65 ${index}`, mode: 'route' })),
  );
  const [poison, ...others] = stages;
  if (!poison) throw new Error('there is no poison');
  const proxy = await startFaultProxy(operatorKubeconfig());
  const instance = await startInstance(
    proxy.url,
    stages.map(({ namespace }) => namespace),
  );
  try {
    await Promise.all(stages.map(untilAdopted));
    const { namespace } = poison;
    const faults = [
      proxy.rule({ when: { verb: 'create', namespace }, fault: { kind: 'hang' } }),
      proxy.rule({ when: { verb: 'write', namespace }, fault: { kind: 'answer', answer: { status: 500 } } }),
    ];
    await release(poison, '1.1.0');
    await waitFor({
      what: 'the first write to hang or fail',
      withinMs: 60_000,
      probe: async () => proxy.seen({ verb: 'write', namespace }).length > 0 || undefined,
    });
    await Promise.all(others.map((stage) => release(stage, '1.1.0')));
    await Promise.all(others.map((stage) => until(stage, 'the promotion', isPromoted('1.1.0'), 30_000)));
    expect((await readStatus(namespace)).stable?.version).toBe('1.0.0');
    for (const mend of faults) mend();
    await until(poison, 'its promotion once it is well', isPromoted('1.1.0'));
  } finally {
    proxy.cut();
    await instance.stop();
    await proxy.close();
  }
}

it.concurrent(
  'F65 one Canary whose every write fails or hangs, among others under one operator',
  () => inTurn(playPoison),
  LIMIT_MS,
);
