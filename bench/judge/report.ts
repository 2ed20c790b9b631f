// SPDX-License-Identifier: Apache-2.0
import { bar, legendEntry, svg, text } from '../svg.ts';
import { type RuleName, ruleNames } from './play.ts';
import { formatShare, type RuleSummary, type ScenarioSummary } from './summary.ts';

/** The two tables of the page: what is rolled back for nothing, and how soon what is bad is found. */
export function renderTables(summaries: readonly ScenarioSummary[]): string {
  const healthy = summaries.filter(({ scenario }) => scenario.healthy);
  const bad = summaries.filter(({ scenario }) => !scenario.healthy);
  return [
    `**Healthy canaries that were rolled back**, of ${healthy[0]?.runs ?? 0} runs each:`,
    table(['scenario', ...ruleNames], healthy.map(falseRow)),
    `**Bad canaries**: share rolled back within the run, and seconds until then, median and 90th percentile, of ${bad[0]?.runs ?? 0} runs each:`,
    table(['scenario', ...ruleNames], bad.map(foundRow)),
  ].join('\n\n');
}

function falseRow({ scenario, runs, rules }: ScenarioSummary): string[] {
  return [scenario.name, ...ruleNames.map((name) => formatShare(rules[name].rolledBack, runs))];
}

function foundRow({ scenario, runs, rules }: ScenarioSummary): string[] {
  return [scenario.name, ...ruleNames.map((name) => found(rules[name], runs))];
}

function found({ rolledBack, medianSeconds, p90Seconds }: RuleSummary, runs: number): string {
  const share = formatShare(rolledBack, runs);
  return medianSeconds === undefined ? share : `${share}, ${medianSeconds} s, ${p90Seconds} s`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const BEGIN = '<!-- figures: written by `make bench-judge` -->';
const END = '<!-- end of figures -->';

/** The page with its figures replaced. Throws where the page has no place for them. */
export function withFigures(page: string, figures: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the page needs ${BEGIN} and ${END} after it`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${figures}\n\n${page.slice(end)}`;
}

const COLOURS: Readonly<Record<RuleName, string>> = {
  Headway: '#1a7f5a',
  'Argo Rollouts': '#d9822b',
  Flagger: '#4f7cc4',
};
const ROW = 34;
const LEFT = 270;
const WIDTH = 480;
const TOP = 56;

/** A bar for each rule and healthy scenario: the share of good releases that it rolled back. */
export function renderPlot(summaries: readonly ScenarioSummary[]): string {
  const healthy = summaries.filter(({ scenario }) => scenario.healthy);
  const height = TOP + healthy.length * ROW + 28;
  const legend = ruleNames.map((name, i) => legendEntry(LEFT + i * 130, name, COLOURS[name]));
  return svg(LEFT + WIDTH + 80, height, [
    text(12, 20, 'Healthy canaries that were rolled back, percent of runs'),
    ...legend,
    ...[0, 25, 50, 75, 100].map((percent) => gridLine(percent, height)),
    ...healthy.map(bars),
  ]);
}

function gridLine(percent: number, height: number): string {
  const x = LEFT + (WIDTH * percent) / 100;
  const line = `<line x1="${x}" y1="${TOP}" x2="${x}" y2="${height - 24}" stroke="#ddd"/>`;
  return line + text(x, height - 8, `${percent} %`, 'middle');
}

function bars({ scenario, runs, rules }: ScenarioSummary, row: number): string {
  const y = TOP + row * ROW;
  const label = text(LEFT - 10, y + 18, scenario.name, 'end');
  const drawn = ruleNames.map((name, i) => {
    const width = (WIDTH * rules[name].rolledBack) / runs;
    const at = { x: LEFT, y: y + 3 + i * 9, width };
    return bar(at, COLOURS[name], formatShare(rules[name].rolledBack, runs));
  });
  return [label, ...drawn].join('\n');
}
