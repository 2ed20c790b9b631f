// SPDX-License-Identifier: Apache-2.0
// node bench/main.ts [api] [reaction] [drain] [image] [loss]: measures the operator in a cluster of its own and writes
// docs/benchmarks. Without a name all but loss, which takes an hour by itself.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { demoImage } from '../test/apps/build.ts';
import { operatorImage } from '../test/cluster/operator-image.ts';
import { run } from '../test/cluster/shell.ts';
import { watchCircumstances } from './circumstances.ts';
import { type BenchCluster, withCluster } from './cluster.ts';
import { versions } from './loss/actor.ts';
import { isWhole, readOptions } from './loss/options.ts';
import { LossResults } from './loss/record.ts';
import { lossLine, renderLosses, unexplained } from './loss/report.ts';
import { docsDir, outputDir, root } from './paths.ts';
import type { Place } from './place.ts';
import { say } from './progress.ts';
import { ApiResults, DrainResults, ImageResults, ReactionResults, Results } from './results.ts';
import { renderReport } from './report.ts';
import { readResults, writeResults } from './store-results.ts';

const parts = ['api', 'reaction', 'drain', 'image', 'loss'] as const;
type Part = (typeof parts)[number];
const schemas = {
  api: ApiResults,
  reaction: ReactionResults,
  drain: DrainResults,
  image: ImageResults,
  loss: LossResults,
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !parts.some((part) => part === name));
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(', ')}; there are ${parts.join(', ')}`);
  process.exit(2);
}
if (named.includes('loss')) checkOptions();
// The part that runs gets the signal from the terminal too; then its cluster is ended.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

rmSync(outputDir, { recursive: true, force: true });
mkdirSync(outputDir, { recursive: true });
say('bundling');
await run(process.execPath, [join(root, 'scripts/bundle.ts')], { cwd: root });
for (const part of parts) {
  if (named.length === 0 ? part !== 'loss' : named.includes(part)) await runPart(part);
}
if (named.length === 0 || named.some((part) => part !== 'loss')) {
  console.log(`\n${renderReport(readResults(docsDir))}`);
}
if (named.includes('loss')) tellLosses();

async function runPart(part: Part): Promise<void> {
  const outPath = join(outputDir, `${part}.json`);
  const begun = await watchCircumstances();
  await withCluster(part === 'api' ? 'api' : 'node', async (cluster) => {
    const place: Place = { ...cluster.place, ...(await loadImages(part, cluster)), outPath };
    await cluster.run(join(root, `bench/${part}/main.ts`), [JSON.stringify(place)]);
  });
  const measured: unknown = JSON.parse(readFileSync(outPath, 'utf8'));
  if (part === 'loss' && !isWhole(readOptions(process.env))) return;
  const known = { circumstances: begun(), results: schemas[part].parse(measured) };
  writeResults(docsDir, Results.parse({ ...readResults(docsDir), [part]: known }));
}

/** The image of the demo app, where it is one for all versions, and the operator's where it is measured. */
async function loadImages(part: Part, cluster: BenchCluster): Promise<Pick<Place, 'image' | 'operator'>> {
  if (part === 'api') return { image: '' };
  if (part === 'loss') {
    await cluster.loadVersions(versions);
    return { image: '' };
  }
  const { reference, tarPath } = await demoImage();
  await cluster.loadImage(tarPath);
  if (part !== 'image') return { image: reference };
  const { tag, path } = await operatorImage();
  await cluster.loadImage(path);
  return { image: reference, operator: { tag, archive: path } };
}

function tellLosses(): void {
  const results = LossResults.parse(JSON.parse(readFileSync(join(outputDir, 'loss.json'), 'utf8')));
  console.log(`\n${renderLosses(results)}\n\n${lossLine(results)}`);
  if (unexplained(results) > 0 || results.problems.length > 0) process.exitCode = 1;
}

/** Before a cluster is started for what makes no sense. */
function checkOptions(): void {
  try {
    readOptions(process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}
