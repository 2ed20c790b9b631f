// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { follow } from './command.ts';
import { addCounts, type Counts, countGo } from './counts.ts';
import { jestEnvironment, outputDir, root, toolEnvironment } from './environment.ts';
import { runJest } from './jest.ts';

/** What needs no cluster: the unit tests of jest, those of the Go test apps, and what GitOps tools make of a status. */
export async function unit(): Promise<Counts> {
  const typescript = await runJest({
    project: 'unit',
    name: 'unit',
    args: [`--maxWorkers=${Math.min(4, availableParallelism())}`],
    start: ([program = '', ...args]) =>
      spawn(program, args, { cwd: root, env: jestEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] }),
  });
  console.log(`  jest: ${typescript.passed} passed, ${typescript.failed} failed`);
  const go = addCounts([await goTests('apps'), await goTests('gitops')]);
  console.log(`  go: ${go.passed} passed, ${go.failed} failed`);
  return addCounts([typescript, go]);
}

/** Never from Go's cache: what is tested is partly TypeScript, of which that knows nothing. */
const goCommand: readonly [string, ...string[]] = ['go', 'test', '-count=1', '-json', './...'];

/** Those of a module in `test/`. */
async function goTests(module: string): Promise<Counts> {
  const [program, ...args] = goCommand;
  const child = spawn(program, args, {
    cwd: join(root, 'test', module),
    env: toolEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logPath = join(outputDir, `unit-go-${module}.log`);
  const { code, tail } = await follow(child, { title: `go test of ${module}`, logPath });
  const counts = countGo(readFileSync(logPath, 'utf8'));
  if (code !== 0 && counts.failed === 0) {
    return { ...counts, failed: 1, problems: [`go test of ${module} ended with ${code}\n${tail}`] };
  }
  return counts;
}
