// SPDX-License-Identifier: Apache-2.0
// node scripts/test.ts [TIER...]: runs the tiers, all of them unless named, in their order; ends with one line of totals.
import { seconds } from './tiers/command.ts';
import { addCounts, type Counts, totalLine } from './tiers/counts.ts';
import { api } from './tiers/api.ts';
import { chart } from './tiers/chart.ts';
import { check } from './tiers/check.ts';
import { e2e } from './tiers/e2e.ts';
import { faults } from './tiers/faults.ts';
import { simulate } from './tiers/simulate.ts';
import { unit } from './tiers/unit.ts';

const tiers = { check, unit, chart, simulate, api, faults, e2e };
type TierName = keyof typeof tiers;
/** Those of a row run beside each other: each has a cluster of its own, and they wait more than they work. */
const order: readonly (readonly TierName[])[] = [
  ['check'],
  ['unit'],
  ['chart'],
  ['simulate'],
  ['api', 'faults'],
  ['e2e'],
];

function isTier(name: string): name is TierName {
  return name in tiers;
}

let isInterrupted = false;
// The command that runs gets the signal from the terminal too; its tier then ends and tidies up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isInterrupted = true;
  });
}

async function runTier(name: TierName): Promise<Counts> {
  const started = performance.now();
  console.log(`\n== ${name}`);
  const counts = await attempt(tiers[name]);
  for (const problem of counts.problems) console.log(`\n${indent(problem)}\n`);
  console.log(`== ${name}: ${totalLine(counts)} in ${seconds(started)} s`);
  return counts;
}

/** A tier that cannot run is one failure, and the next one gets its turn. */
async function attempt(tier: () => Promise<Counts>): Promise<Counts> {
  try {
    return await tier();
  } catch (error) {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { passed: 0, failed: 1, problems: [problem] };
  }
}

const problemLines = 80;

function indent(problem: string): string {
  const lines = problem.split('\n');
  const cut =
    lines.length > problemLines ? [`... (${lines.length - problemLines} lines more in build/test)`] : [];
  return [...lines.slice(0, problemLines), ...cut].map((line) => `    ${line}`).join('\n');
}

const named = process.argv.slice(2);
const unknown = named.filter((name) => !isTier(name));
if (unknown.length > 0) {
  console.error(`no tier ${unknown.join(', ')}; there are ${Object.keys(tiers).join(', ')}`);
  process.exit(2);
}
const all: Counts[] = [];
for (const row of order) {
  if (isInterrupted) break;
  const wanted = row.filter((name) => named.length === 0 || named.includes(name));
  all.push(...(await Promise.all(wanted.map(runTier))));
}
const total = addCounts(isInterrupted ? [...all, { passed: 0, failed: 1, problems: [] }] : all);
console.log(`\n${totalLine(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
