// SPDX-License-Identifier: Apache-2.0
// Runs inside the cluster's network, with the operator's bundle and the images in place: node test/e2e/main.ts [STORY];
// MODE=gateway in the environment tells the stories in that mode only.
// Stories that share the operator that the chart installs, side by side; one that shares it and needs the machine for itself;
// what becomes of the installation itself; then, without its pods, stories with an operator of their own, and faults of the
// whole cluster, one after the other. After all of them, and only then, the last group looks at what they have left together.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Counts, addCounts } from '../../scripts/tiers/counts.ts';
import { jestEnvironment } from '../../scripts/tiers/environment.ts';
import { fileResults, runJest } from '../../scripts/tiers/jest.ts';
import { kubeconfigOf } from './support/install.ts';
import { expectNoCrash, installChart, restChart } from './support/installation.ts';
import { kubectl } from './support/kubectl.ts';
import { followOperatorLogs } from './support/operator-logs.ts';
import { clearRecords, readRecords, renderTable } from './support/report.ts';
import { operatorAccount, operatorNamespace, root } from './support/world.ts';

interface Group {
  name: 'shared' | 'alone' | 'chart' | 'own' | 'faults' | 'last';
  workers: number;
  /** Stories of one file at the same time. */
  atOnce?: number;
}

/** More shops than five leave two cores no time for the requests; one of each file, so that none waits for its neighbour. */
const sharedGroups: readonly Group[] = [
  { name: 'shared', workers: 5, atOnce: 1 },
  { name: 'alone', workers: 1 },
];
/** They change the installation that all share. */
const chartGroup: Group = { name: 'chart', workers: 1, atOnce: 1 };
const ownGroups: readonly Group[] = [
  { name: 'own', workers: 2 },
  { name: 'faults', workers: 1 },
];

const lastGroup: Group = { name: 'last', workers: 1 };

/** Part of the stories says nothing of what no story does. */
function isWhole(filter: string | undefined): boolean {
  return filter === undefined && !process.env['MODE'];
}

async function main(filter: string | undefined): Promise<boolean> {
  const since = String(Date.now());
  clearRecords();
  // On a cluster that was kept, as on a new one, every operator makes its Lease.
  await kubectl(['delete', 'leases', '--all', `--namespace=${operatorNamespace}`]);
  const all = [await runShared(filter)];
  await restChart();
  const kubeconfig = await kubeconfigOf(operatorAccount);
  for (const group of ownGroups) all.push(await runGroup(group, filter, { HEADWAY_KUBECONFIG: kubeconfig }));
  if (isWhole(filter)) all.push(await runLast(since));
  else console.log('not the whole suite, so the rights of the operator are not compared with what it used');
  const records = readRecords();
  writeFileSync(join(root, 'build/e2e-report.json'), `${JSON.stringify(records, null, 2)}\n`);
  console.log(`\n${renderTable(records)}`);
  return addCounts(all).failed === 0;
}

/** `since` in ms since 1970: what is in the log from before is of another run. */
async function runLast(since: string): Promise<Counts> {
  const counts = await runGroup(lastGroup, undefined, { HEADWAY_SUITE_SINCE: since });
  if (counts.passed + counts.failed === 0) throw new Error(`the group ${lastGroup.name} has no test`);
  return counts;
}

async function runShared(filter: string | undefined): Promise<Counts> {
  await installChart();
  const logs = followOperatorLogs();
  const env = { HEADWAY_OPERATOR_LOG: logs.logPath };
  const all: Counts[] = [];
  for (const group of sharedGroups) all.push(await runGroup(group, filter, env));
  await expectNoCrash();
  all.push(await runGroup(chartGroup, filter, env));
  logs.stop();
  return addCounts(all);
}

async function runGroup(
  { name, workers, atOnce }: Group,
  filter: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Counts> {
  console.log(`stories of the group ${name}:`);
  const { MODE: mode } = process.env;
  const patterns = [
    `--testPathPatterns=test/e2e/${name}/.*${filter ?? ''}`,
    '--passWithNoTests',
    ...(mode ? [`--testNamePattern=\\(${mode}\\)$`] : []),
  ];
  const isResult = fileResults();
  return runJest({
    project: 'e2e',
    name: `e2e-${name}`,
    args: [...patterns, `--maxWorkers=${workers}`, ...(atOnce ? [`--maxConcurrency=${atOnce}`] : [])],
    progressMs: 30_000,
    isShown: (line) => isResult(line) || /^[a-z0-9 -]+ \((route|gateway|traefik|ratio)\)[^:]*: /.test(line),
    start: ([program = '', ...args]) =>
      spawn(program, args, { cwd: root, env: jestEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] }),
  });
}

process.exitCode = (await main(process.argv[2])) ? 0 : 1;
