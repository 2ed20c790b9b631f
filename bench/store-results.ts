// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderAnatomy } from './report-anatomy.ts';
import { renderPlot } from './loss/plot.ts';
import { renderLossPage } from './loss/report.ts';
import { renderReport } from './report.ts';
import { Results } from './results.ts';

const endMark = '<!-- end of figures -->';

/** The figures of the last runs; none where there was no run. */
export function readResults(dir: string): Results {
  const path = join(dir, 'results.json');
  return existsSync(path) ? Results.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
}

/** Writes results.json, the tables between the marks of the pages, and the plot. */
export function writeResults(dir: string, results: Results): void {
  writeFileSync(join(dir, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  for (const [file, verb, report] of [
    ['README.md', 'make bench', renderReport(results)],
    ['memory.md', 'make bench', renderAnatomy(results)],
    ['loss.md', 'make bench-loss', renderLossPage(results)],
  ] as const) {
    const path = join(dir, file);
    writeFileSync(path, withReport(readFileSync(path, 'utf8'), report, verb));
  }
  if (results.loss) writeFileSync(join(dir, 'loss.svg'), renderPlot(results.loss.results.rows));
}

/** A text with the report in place of what stood between the marks; throws when it has no marks. */
export function withReport(text: string, report: string, verb = 'make bench'): string {
  const beginMark = `<!-- figures: written by \`${verb}\` -->`;
  const begin = text.indexOf(beginMark);
  const end = text.indexOf(endMark);
  if (begin < 0 || end < begin) throw new Error(`the text has no lines "${beginMark}" and "${endMark}"`);
  return `${text.slice(0, begin)}${beginMark}\n\n${report}\n${text.slice(end)}`;
}
