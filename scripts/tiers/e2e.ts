// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openProvider } from '../../test/cluster/cluster.ts';
import { programFolder } from '../../test/cluster/node/go-parts.ts';
import { operatorImage } from '../../test/cluster/operator-image.ts';
import { loadBinary } from '../../test/apps/build.ts';
import { bundleOperator, bundlePlugin } from '../../test/e2e/support/bundle.ts';
import { loadVersions } from '../../test/e2e/support/images.ts';
import { follow } from './command.ts';
import { addCounts, type Counts, countJest } from './counts.ts';
import { jestEnvironment, outputDir, root } from './environment.ts';

const cluster = 'e2e';
const versions = ['1.0.0', '1.1.0', '1.2.0'];
const groups = ['shared', 'alone', 'chart', 'own', 'faults', 'last'];
const reportPaths = groups.map((group) => join(outputDir, `e2e-${group}.json`));

/** The stories on a whole node. `KEEP=1` keeps the node for a look at it and for the next run. */
export async function e2e(): Promise<Counts> {
  for (const path of reportPaths) rmSync(path, { force: true });
  const provider = await openProvider('node');
  // Here, where modules can be fetched; from inside the cluster's network they cannot.
  await programFolder('helm');
  await provider.up({ name: cluster, profile: 'node' });
  try {
    await loadBinary();
    await bundleOperator();
    await bundlePlugin();
    await loadVersions(provider, cluster, versions);
    await provider.loadImage(cluster, (await operatorImage()).path);
    const child = provider.exec(cluster, [process.execPath, 'test/e2e/main.ts', ...storyFilter()], {
      cwd: root,
      env: jestEnvironment({ HEADWAY_CLUSTER: cluster, NODE_OPTIONS: '' }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { code, tail } = await follow(child, {
      title: 'e2e',
      logPath: join(outputDir, 'e2e.log'),
      isShown: () => true,
      progressMs: 0,
    });
    return verdict(code, tail);
  } finally {
    if (process.env['KEEP'] !== '1') await provider.down(cluster);
  }
}

/** `STORY=name` runs the files whose path contains the name. */
function storyFilter(): string[] {
  const story = process.env['STORY'] ?? '';
  return story === '' ? [] : [story];
}

function verdict(code: number, tail: string): Counts {
  const reports = reportPaths.filter((path) => existsSync(path));
  const counts = addCounts(reports.map((path) => countJest(readFileSync(path, 'utf8'))));
  if ((code !== 0 && counts.failed === 0) || counts.passed + counts.failed === 0) {
    return addCounts([
      counts,
      { passed: 0, failed: 1, problems: [`test/e2e/main.ts ended with ${code}\n${tail}`] },
    ]);
  }
  return counts;
}
