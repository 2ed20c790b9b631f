// SPDX-License-Identifier: Apache-2.0
// node bench/main.ts [api] [reaction] [drain]: measures the operator in a cluster of its own and writes docs/benchmarks.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { demoImage } from '../test/apps/build.ts';
import { run } from '../test/cluster/shell.ts';
import { watchCircumstances } from './circumstances.ts';
import { type BenchCluster, withCluster } from './cluster.ts';
import { docsDir, outputDir, root } from './paths.ts';
import type { Place } from './place.ts';
import { say } from './progress.ts';
import { ApiResults, DrainResults, ReactionResults, Results } from './results.ts';
import { renderReport } from './report.ts';
import { readResults, writeResults } from './store-results.ts';

const parts = ['api', 'reaction', 'drain'] as const;
type Part = (typeof parts)[number];
const schemas = { api: ApiResults, reaction: ReactionResults, drain: DrainResults };

const named = process.argv.slice(2);
const unknown = named.filter((name) => !parts.some((part) => part === name));
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(', ')}; there are ${parts.join(', ')}`);
  process.exit(2);
}
// The part that runs gets the signal from the terminal too; then its cluster is ended.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

rmSync(outputDir, { recursive: true, force: true });
mkdirSync(outputDir, { recursive: true });
say('bundling');
await run(process.execPath, [join(root, 'scripts/bundle.ts')], { cwd: root });
for (const part of parts) {
  if (named.length === 0 || named.includes(part)) await runPart(part);
}
console.log(`\n${renderReport(readResults(docsDir))}`);

async function runPart(part: Part): Promise<void> {
  const outPath = join(outputDir, `${part}.json`);
  const begun = await watchCircumstances();
  await withCluster(part === 'api' ? 'api' : 'node', async (cluster) => {
    const image = part === 'api' ? '' : await loadDemo(cluster);
    const place: Place = { ...cluster.place, image, outPath };
    await cluster.run(join(root, `bench/${part}/main.ts`), [JSON.stringify(place)]);
  });
  const measured: unknown = JSON.parse(readFileSync(outPath, 'utf8'));
  const known = { circumstances: begun(), results: schemas[part].parse(measured) };
  writeResults(docsDir, Results.parse({ ...readResults(docsDir), [part]: known }));
}

async function loadDemo(cluster: BenchCluster): Promise<string> {
  const { reference, tarPath } = await demoImage();
  await cluster.loadImage(tarPath);
  return reference;
}
