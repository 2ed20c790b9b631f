// SPDX-License-Identifier: Apache-2.0
import { expect, it } from '@jest/globals';
import { ask, isAt, isPromoted, isRolledBack, release, until } from '../support/acts.ts';
import { deployedRights } from '../support/deployed.ts';
import { kubeconfigOf } from '../support/install.ts';
import { applyObjects } from '../support/kubectl.ts';
import { namespacedInstallation } from '../support/namespaced.ts';
import { type CanarySpecInput, successRate } from '../support/objects.ts';
import { startOperator } from '../support/operator.ts';
import { finishStory } from '../support/stories.ts';
import { beginStory, namespaceOf, type Story } from '../support/story.ts';
import { rolledBackFor } from '../support/verdict.ts';
import { namespacedAccount, namespacedUser } from '../support/world.ts';

const title = 'operator of one namespace';
const mode = 'route';
const spec: CanarySpecInput = {
  steps: [{ setWeight: 25 }, { pause: {} }],
  analysis: { checks: [successRate] },
};

// It has a Role there, and for the whole cluster nothing but to read where metrics are.
it(`${title}: a good release and a bad one`, async () => {
  const namespace = namespaceOf(title, mode);
  await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  await applyObjects(namespacedInstallation(deployedRights(), namespace));
  const operator = await startOperator({
    name: 'namespaced',
    kubeconfig: await kubeconfigOf(namespacedAccount),
    namespaces: [namespace],
    port: 9114,
  });
  try {
    const served = { operatorLog: operator.logPath, operatorUser: namespacedUser };
    const story = await beginStory({ title, mode, spec, namespace, ...served });
    await finishStory(story, { spec, body: releaseTwice });
  } finally {
    await operator.stop('SIGTERM');
  }
}, 480_000);

async function releaseTwice(story: Story): Promise<void> {
  await release(story, '1.1.0');
  await until(story, 'the weight of 1.1.0', isAt(1, 25));
  await ask(story, 'promote');
  await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
  await release(story, '1.2.0', { errorRate: 0.34 });
  const { message, stable } = await until(story, 'the rollback of 1.2.0', isRolledBack);
  expect(message).toMatch(rolledBackFor({ where: 'at 25%', to: '1.1.0' }));
  expect(stable?.version).toBe('1.1.0');
}
