// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { installIstioCrds } from '../../cluster/istio-crds.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { ask, isAt, isPromoted, release, until } from '../support/acts.ts';
import { kubectl } from '../support/kubectl.ts';
import { shop } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import { waitFor } from '../support/wait.ts';
import { admin, root } from '../support/world.ts';

tellStory({
  title: 'what kubectl shows',
  modes: ['route'],
  spec: () => ({ weights: [25], interval: '60s' }),
  body: async (story) => {
    const get = async (...args: string[]): Promise<string[][]> => {
      const text = await kubectl(['get', 'canary', shop, '-n', story.namespace, ...args]);
      return text
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/));
    };
    const [columns, atRest] = await get();
    expect(columns).toEqual(['NAME', 'PHASE', 'STEP', 'WEIGHT', 'VERSION', 'READY', 'AGE']);
    expect(atRest?.slice(0, 2)).toEqual([shop, 'Healthy']);
    await release(story, '1.1.0');
    await until(story, 'the weight', isAt(1, 25));
    const [, row] = await get();
    expect(row?.slice(0, 6)).toEqual([shop, 'Progressing', '2/2', '25', '1.1.0', 'False']);
    const [wide] = await get('-o', 'wide');
    expect(wide?.slice(7)).toEqual(['MESSAGE', 'STABLE', 'NEXT']);
    const byShortName = await kubectl(['get', 'hcan', '-n', story.namespace, '-o', 'name']);
    expect(byShortName.trim()).toBe(`canary.headway.dev/${shop}`);
    await expect(
      kubectl(['wait', '-n', story.namespace, `canary/${shop}`, '--for=condition=Ready', '--timeout=1s']),
    ).rejects.toThrow('timed out waiting for the condition');
    await ask(story, 'promote');
    await kubectl([
      'wait',
      '-n',
      story.namespace,
      `canary/${shop}`,
      '--for=condition=Ready',
      '--timeout=180s',
    ]);
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
  },
});

const examples = join(root, 'examples');

// Their images do not exist and nothing serves their Gateway, so they wait; that they are accepted and served is
// what is shown.
it.concurrent('examples apply and are served', async () => {
  const namespace = `e2e-examples-${randomBytes(2).toString('hex')}`;
  await kubectl(['create', 'namespace', namespace]);
  const files = readdirSync(examples).filter(
    (file) => file.endsWith('.yaml') && !file.startsWith('metrics-provider'),
  );
  expect(files.length).toBeGreaterThan(0);
  await installIstioCrds((args) => kubectl(args));
  for (const file of files) await kubectl(['apply', '-n', namespace, `--filename=${join(examples, file)}`]);
  // The cluster's own provider stays what it is: the example's address exists nowhere here.
  await kubectl(['apply', '--dry-run=server', `--filename=${join(examples, 'metrics-provider.yaml')}`]);
  await waitFor({
    what: 'every Canary and BlueGreen of the examples to be looked at',
    withinMs: 90_000,
    probe: async () => {
      const kinds = [resources.canaries, resources.blueGreens];
      const lists = await Promise.all(kinds.map((kind) => admin().list(kind, { namespace })));
      const seen = lists
        .flatMap(({ items }) => items)
        .map((item) => (item['status'] as { observedGeneration?: number } | undefined)?.observedGeneration);
      return seen.length > 0 && seen.every((generation) => generation !== undefined) ? true : undefined;
    },
  });
  await kubectl(['delete', 'canaries,bluegreens', '--all', '-n', namespace, '--timeout=180s']);
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
}, 120_000);
