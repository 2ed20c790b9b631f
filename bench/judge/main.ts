// SPDX-License-Identifier: Apache-2.0
// node bench/judge/main.ts [runs] [runs of bad canaries]: plays releases before the judge and writes docs/benchmarks.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { docsDir } from '../paths.ts';
import { say } from '../progress.ts';
import { type Outcome, playRun, ruleNames } from './play.ts';
import { renderPlot, renderTables, withFigures } from './report.ts';
import { scenarios } from './scenario.ts';
import { formatShare, summarise } from './summary.ts';

const healthyRuns = Number(process.argv[2] ?? 10_000);
const badRuns = Number(process.argv[3] ?? 2000);
if (!(healthyRuns > 0 && badRuns > 0)) {
  console.error('the numbers of runs must be greater than 0, for example 10000 2000');
  process.exit(2);
}

const started = performance.now();
const summaries = scenarios.map((scenario, index) => {
  const runs = scenario.healthy ? healthyRuns : badRuns;
  const outcomes: Outcome[] = [];
  for (let i = 0; i < runs; i += 1) outcomes.push(playRun(scenario, index * 1_000_003 + i));
  const summary = summarise(scenario, outcomes);
  const shares = ruleNames.map((name) => `${name} ${formatShare(summary.rules[name].rolledBack, runs)}`);
  say(`${index + 1}/${scenarios.length} ${scenario.name}: ${shares.join(', ')}`);
  return summary;
});
const seconds = Math.round((performance.now() - started) / 1000);

const page = join(docsDir, 'judge.md');
const tables = renderTables(summaries);
writeFileSync(
  page,
  withFigures(readFileSync(page, 'utf8'), `${tables}\n\n![The first table as bars](judge.svg)`),
);
writeFileSync(join(docsDir, 'judge.svg'), renderPlot(summaries));
console.log(`\n${tables}\n\n${seconds} s`);

const worst = summaries
  .filter(({ scenario }) => scenario.healthy)
  .toSorted((a, b) => b.rules.Headway.rolledBack - a.rules.Headway.rolledBack)[0];
if (worst && worst.rules.Headway.rolledBack > 0.005 * worst.runs) {
  console.error(`over 0.5 %: ${worst.scenario.name}`);
  process.exit(1);
}
