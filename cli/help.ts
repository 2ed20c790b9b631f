// SPDX-License-Identifier: Apache-2.0
import type { Command } from './command.ts';
import { wrap } from './text/wrap.ts';

/** What `kubectl headway` says without a command, in lines of at most so many columns. */
export function generalHelp(commands: readonly Command[], columns: number): string {
  const shown = commands.filter(({ name }) => !name.startsWith('__'));
  const width = Math.max(...shown.map(({ name }) => name.length));
  const lines = [
    'Progressive delivery by Headway: what its releases do and why, and what a person asks of them.',
    '',
    'Usage: kubectl headway COMMAND [ARGUMENTS]',
    '',
    ...shown.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'KIND/NAME is canary/NAME or bluegreen/NAME; short names are hcan and hbg. -n, --context and --kubeconfig are those of kubectl. NO_COLOR turns colours off. Times are UTC.',
    '',
    'Exit codes: 0 done, 1 the answer is no, 2 bad arguments, 5 it could not be carried out, 130 ended by Ctrl-C. Those of status are an answer of their own: kubectl headway status --help.',
  ];
  return fold(lines, columns);
}

/** What `kubectl headway COMMAND --help` says. */
export function commandHelp({ name, usage, summary, details }: Command, columns: number): string {
  const called = `kubectl headway ${name} ${usage}`.trimEnd();
  return fold([`${called}: ${summary}`, '', ...details], columns);
}

function fold(lines: readonly string[], columns: number): string {
  return lines.flatMap((line) => foldLine(line, columns)).join('\n') + '\n';
}

/** What stands before the text of a line: a flag or a command with two spaces behind it, or what it is indented by. */
const HEAD = /^ *(?:\S+(?: \S+){0,2} {2,})?/;

/** A line that is too long goes on below where its text begins. */
function foldLine(line: string, columns: number): string[] {
  if (line.length <= columns) return [line];
  const [head = ''] = HEAD.exec(line) ?? [];
  const texts = wrap(line.slice(head.length), Math.max(20, columns - head.length));
  return texts.map((text, at) => (at === 0 ? head : ' '.repeat(head.length)) + text);
}
