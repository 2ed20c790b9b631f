// SPDX-License-Identifier: Apache-2.0
import { expect, it } from '@jest/globals';
import { ask, isAt, isPromoted, isRolledBack, release, until } from '../support/acts.ts';
import { helmInstall, helmUninstall, here } from '../../chart/helm.ts';
import { chartValues, installedWithinSeconds } from '../support/installation.ts';
import { applyObjects } from '../support/kubectl.ts';
import { type CanarySpecInput, successRate } from '../support/objects.ts';
import { followOperatorLogs } from '../support/operator-logs.ts';
import { finishStory } from '../support/stories.ts';
import { beginStory, namespaceOf, type Story } from '../support/story.ts';
import { rolledBackFor } from '../support/verdict.ts';
import { namespacedAccount, namespacedUser } from '../support/world.ts';

const { name } = namespacedAccount;
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
  await helmInstall(here, { name, values: valuesFor(namespace), waitSeconds: installedWithinSeconds });
  const logs = followOperatorLogs(name);
  try {
    const served = { operatorLog: logs.logPath, operatorUser: namespacedUser };
    const story = await beginStory({ title, mode, spec, namespace, ...served });
    await finishStory(story, { spec, body: releaseTwice });
  } finally {
    logs.stop();
    await helmUninstall(here, { name, waitSeconds: installedWithinSeconds });
  }
}, 480_000);

/** The CRDs and the roles for people are those of the release for all namespaces. */
function valuesFor(namespace: string): object {
  return {
    ...chartValues,
    scope: 'Namespaced',
    namespaces: [namespace],
    crds: { enabled: false },
    rbac: { userRoles: false },
  };
}

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
