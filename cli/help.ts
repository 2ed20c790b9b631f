// SPDX-License-Identifier: Apache-2.0
import type { Command } from './command.ts';

/** What `kubectl headway` says without a command. */
export function generalHelp(commands: readonly Command[]): string {
  const shown = commands.filter(({ name }) => !name.startsWith('__'));
  const width = Math.max(...shown.map(({ name }) => name.length));
  return [
    'Progressive delivery by Headway: what its releases do and why, and what a person asks of them.',
    '',
    'Usage: kubectl headway COMMAND [ARGUMENTS]',
    '',
    ...shown.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'KIND/NAME is canary/NAME or bluegreen/NAME; short names are hcan and hbg. -n, --context and --kubeconfig are those of',
    'kubectl. Colours: NO_COLOR turns them off. Times are UTC.',
    '',
    'Exit codes: 0 done, 1 the answer is no, 2 bad arguments, 5 it could not be carried out, 130 ended by Ctrl-C. Those of',
    'status are an answer of their own: kubectl headway status --help.',
    '',
  ].join('\n');
}

/** What `kubectl headway COMMAND --help` says. */
export function commandHelp({ name, usage, summary, details }: Command): string {
  const called = `kubectl headway ${name} ${usage}`.trimEnd();
  return [`${called}: ${summary}`, '', ...details, ''].join('\n');
}
