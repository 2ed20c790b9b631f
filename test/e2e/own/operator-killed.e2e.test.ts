// SPDX-License-Identifier: Apache-2.0
import { expect, it } from '@jest/globals';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { isPromoted, release, until } from '../support/acts.ts';
import { type CanarySpecInput, type UsualMode, modes } from '../support/objects.ts';
import { type Operator, startOperator } from '../support/operator.ts';
import { finishStory } from '../support/stories.ts';
import { beginStory, namespaceOf, type Story, untilAdopted } from '../support/story.ts';

const spec: CanarySpecInput = {
  steps: [{ setWeight: 25 }, { pause: { duration: '3s' } }, { setWeight: 50 }, { pause: { duration: '3s' } }],
};

interface Moment {
  name: string;
  isReached: (status: RolloutStatus) => boolean;
}

function atStep(index: number): Moment {
  return {
    name: `step ${index + 1}`,
    isReached: (status) => status.stage === 'Stepping' && (status.step?.index ?? -1) >= index,
  };
}

/** Each stage and step of the way; the operator dies as soon as the status shows it. */
const way: readonly Moment[] = [
  ...[0, 1, 2, 3].map(atStep),
  { name: 'the promotion', isReached: ({ stage }) => stage === 'Promoting' || stage === 'Idle' },
];

const ports: Readonly<Record<UsualMode, number>> = { route: 9111, ratio: 9112, gateway: 9113 };

// A dead leader's Lease runs out after 15 s, and only then its successor may write: traffic stands still so long.
it.concurrent.each(modes)(
  'operator killed in each step (%s)',
  async (mode) => {
    const title = 'operator killed in each step';
    const namespace = namespaceOf('operator killed', mode);
    const kubeconfig = process.env['HEADWAY_KUBECONFIG'] ?? '';
    const options = { name: `killed-${mode}`, kubeconfig, namespaces: [namespace], port: ports[mode] };
    const operator = await startOperator(options);
    try {
      const story = await beginStory({ title, mode, spec, namespace, operatorLog: operator.logPath });
      await finishStory(story, { spec, body: (one) => killOnTheWay(one, operator) });
    } finally {
      await operator.stop('SIGKILL');
    }
  },
  480_000,
);

async function killOnTheWay(story: Story, operator: Operator): Promise<void> {
  await untilAdopted(story);
  await release(story, '1.1.0');
  const afterMs: number[] = [];
  for (const { name, isReached } of way) {
    await until(story, name, isReached);
    await operator.stop('SIGKILL');
    const diedAtMs = performance.now();
    const before = await until(story, 'a status', () => true);
    await operator.start();
    // Every plan begins with a look at the cluster, so the first sign of life is a status that has changed.
    await until(
      story,
      `life after the death at ${name}`,
      (status) => JSON.stringify(status) !== JSON.stringify(before) || isPromoted('1.1.0')(status),
    );
    afterMs.push(performance.now() - diedAtMs);
  }
  const status = await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
  expect(status.history?.map(({ version, outcome }) => `${version} ${outcome}`)).toEqual(['1.1.0 Promoted']);
  story.notes.push(`killed ${way.length} times, back to work after ${describe(afterMs)} s`);
  const startedMs = performance.now();
  expect(await operator.stop('SIGTERM')).toBe(0);
  story.notes.push(`ended by SIGTERM after ${Math.round(performance.now() - startedMs)} ms`);
  await operator.start();
}

function describe(afterMs: readonly number[]): string {
  return afterMs.map((ms) => (ms / 1_000).toFixed(0)).join(', ');
}
