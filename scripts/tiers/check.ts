// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { follow, seconds } from './command.ts';
import { addCounts, type Counts } from './counts.ts';
import { outputDir, root, toolEnvironment } from './environment.ts';

interface Check {
  name: string;
  command: readonly [string, ...string[]];
  cwd?: string;
}

const checks: readonly Check[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: ['biome', 'format', '.'] },
  { name: 'CRDs are what operator/api says', command: ['node', 'scripts/crd/generate.ts', '--check'] },
  {
    name: 'Argo CD scripts are what the engine shows',
    command: ['node', 'test/gitops/generate.ts', '--check'],
  },
  {
    name: 'chart and roles are what their sources say',
    command: ['node', 'scripts/chart/generate.ts', '--check'],
  },
  {
    name: 'the reference is what operator/api says',
    command: ['node', 'scripts/reference/generate.ts', '--check'],
  },
  { name: 'unused code', command: ['knip', '--no-config-hints'] },
  { name: 'bundle', command: ['node', 'scripts/bundle.ts', '--outfile=build/check/headway.mjs'] },
  {
    name: 'bundle of the plugin',
    command: ['node', 'scripts/bundle.ts', '--product=plugin', '--outfile=build/check/kubectl-headway'],
  },
  { name: 'go vet', command: ['go', 'vet', './...'], cwd: 'test/apps' },
  { name: 'go vet of gitops', command: ['go', 'vet', './...'], cwd: 'test/gitops' },
];

/** Each check counts as one test. */
export async function check(): Promise<Counts> {
  const all: Counts[] = [];
  for (const one of checks) all.push(await perform(one));
  return addCounts(all);
}

async function perform({ name, command: [program, ...args], cwd = '.' }: Check): Promise<Counts> {
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: join(root, cwd),
    env: toolEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logPath = join(outputDir, `check-${name.replaceAll(/[^a-z]+/gi, '-')}.log`);
  const { code, tail } = await follow(child, { title: name, logPath });
  console.log(`  ${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds(started)} s)`);
  return code === 0
    ? { passed: 1, failed: 0, problems: [] }
    : { passed: 0, failed: 1, problems: [`${name}: ${program} ${args.join(' ')}\n${tail}`] };
}
