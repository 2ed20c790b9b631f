// SPDX-License-Identifier: Apache-2.0
import { version } from '../../operator/version.ts';
import { connect } from '../cluster/connect.ts';
import { type Command, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { CLUSTER_FLAGS, describeFlags, parseFlags } from '../flags.ts';
import { clean } from '../text/width.ts';
import { describeOperators, SELECTOR } from './operators.ts';

const { context, kubeconfig } = CLUSTER_FLAGS;
const FLAGS = { client: { help: 'of the plugin alone; no cluster is asked' }, context, kubeconfig } as const;

/** The plugin has a version also where there is no cluster, so that nothing that is wrong with one is an error here. */
export const versionCommand: Command = {
  name: 'version',
  usage: '[--client]',
  summary: 'show the version of the plugin, and of the operator where it is found',
  details: [
    `The operator is found by its Deployment, which has the label ${SELECTOR}.`,
    '',
    ...describeFlags(FLAGS),
    '',
    'Exit codes: 0 done, also where no operator is found, 2 bad arguments.',
  ],
  flags: FLAGS,
  async run(args, io) {
    const { words, flags } = parseFlags(args, FLAGS);
    if (words.length > 0) throw new UsageError(`unexpected: ${words.join(' ')}`);
    io.out(`plugin    ${version}\n`);
    if (flags.client !== undefined) return EXIT.done;
    for (const line of await operatorsOf(flags)) io.out(`operator  ${clean(line, io.screen.hasUnicode)}\n`);
    return EXIT.done;
  },
};

async function operatorsOf(flags: Parameters<typeof connect>[0]): Promise<string[]> {
  let cluster;
  try {
    cluster = connect(flags);
  } catch (error) {
    return [`not known: ${error instanceof Error ? error.message : String(error)}`];
  }
  try {
    return await describeOperators(cluster);
  } finally {
    await cluster.client.close();
  }
}
