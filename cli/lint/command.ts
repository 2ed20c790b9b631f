// SPDX-License-Identifier: Apache-2.0
import type { Command, Io } from '../command.ts';
import { describeFlags } from '../flags.ts';
import { FILES_FLAGS, readArguments, RECURSIVE_FLAG } from '../manifests/arguments.ts';
import { readAllManifests } from '../manifests/manifests.ts';
import { readSources } from '../manifests/sources.ts';
import { type Linted, lint } from './lint.ts';
import { lintJson, lintText } from './report.ts';

const FLAGS = {
  ...FILES_FLAGS,
  ...RECURSIVE_FLAG,
  strict: { help: 'warnings fail too' },
  output: { short: 'o', value: 'FORMAT', help: 'text or json; default: text', oneOf: ['text', 'json'] },
} as const;

export const lintCommand: Command = {
  name: 'lint',
  usage: '-f FILE|DIR|- [-f ...] [-R] [--strict] [-o text|json]',
  summary: 'checks manifests of Headway before they are applied',
  details: [
    'Needs no cluster. What is wrong is told all at once, one line each: FILE:LINE:COLUMN: FIELD: what; what would be right.',
    '',
    ...describeFlags(FLAGS),
    '',
    'A warning works, but the specification advises against it. A note cannot be told from these files, for example',
    'whether the cluster has an AnalysisTemplate that is not among them.',
    '',
    'Exit codes: 0 no problems, 1 problems, 2 these arguments or files cannot be read.',
  ],
  flags: FLAGS,
  async run(args: readonly string[], io: Io): Promise<number> {
    const { files, flags } = readArguments(args, FLAGS);
    const sources = await readSources(files, io, { recursive: flags.recursive !== undefined });
    const linted = lint(readAllManifests(sources));
    io.out(flags.output === 'json' ? lintJson(linted) : lintText(linted));
    return hasFailed(linted, flags.strict !== undefined) ? 1 : 0;
  },
};

function hasFailed({ problems }: Linted, isStrict: boolean): boolean {
  return problems.some(({ severity }) => severity === 'error' || (isStrict && severity === 'warning'));
}
