// SPDX-License-Identifier: Apache-2.0
import type { Command, Io } from '../command.ts';
import { lint } from '../lint/lint.ts';
import { lintText } from '../lint/report.ts';
import { describeFlags } from '../flags.ts';
import { FILES_FLAGS, readArguments, RECURSIVE_FLAG } from '../manifests/arguments.ts';
import { readAllManifests, readManifests } from '../manifests/manifests.ts';
import { readSources } from '../manifests/sources.ts';
import { convert, streamOf } from './convert.ts';
import { conversionText } from './report.ts';

const FLAGS = {
  ...FILES_FLAGS,
  ...RECURSIVE_FLAG,
  output: { short: 'o', value: 'FORMAT', help: 'yaml, the default', oneOf: ['yaml'] },
} as const;

export const convertCommand: Command = {
  name: 'convert',
  usage: '-f FILE|DIR|- [-f ...] [-R] [-o yaml]',
  summary: 'makes manifests of Headway from those of Argo Rollouts, Flagger, or a canary Ingress',
  details: [
    'Needs no cluster and changes nothing. Prints manifests on standard output, with a comment LOOK wherever a person must',
    'look, and on standard error what became of each field of the source: kept, changed or dropped, and why.',
    'Read from one input: Rollout, AnalysisTemplate and ClusterAnalysisTemplate of argoproj.io; Canary and MetricTemplate',
    'of flagger.app; Ingresses with canary annotations. Give Deployments, Services, Ingresses and autoscalers with them:',
    'what they say need not be guessed.',
    '',
    ...describeFlags(FLAGS),
    '',
    'Exit codes: 0 converted, 1 something could not be converted or there was nothing to convert, 2 these arguments or',
    'files cannot be read.',
  ],
  flags: FLAGS,
  async run(args: readonly string[], io: Io): Promise<number> {
    const { files, flags } = readArguments(args, FLAGS);
    const sources = await readSources(files, io, { recursive: flags.recursive !== undefined });
    const { manifests, problems } = readAllManifests(sources);
    if (problems.length > 0) {
      io.err(lintText(lint({ manifests: [], problems })));
      return 2;
    }
    const converted = convert(manifests);
    const text = streamOf(converted.drafts);
    io.out(text);
    io.err(conversionText(converted));
    return hasFailed(text, io) || converted.refusals.length > 0 || converted.drafts.length === 0 ? 1 : 0;
  },
};

/** What was made is read as any other manifest: a source may say what nothing here takes. */
function hasFailed(text: string, io: Io): boolean {
  const linted = lint(readManifests({ name: 'the result', text }));
  const errors = linted.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) io.err(`the result is not good yet:\n${lintText({ ...linted, problems: errors })}`);
  return errors.length > 0;
}
