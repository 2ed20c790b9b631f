// SPDX-License-Identifier: Apache-2.0
import { type Command, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { parseFlags } from '../flags.ts';
import { completionScript, type Shell, SHELLS } from './scripts.ts';

export const completionCommand: Command = {
  name: 'completion',
  usage: SHELLS.join('|'),
  summary: 'write what a shell needs to complete commands, flags and names',
  details: [
    'source <(kubectl headway completion bash)',
    '',
    'The script itself says what kubectl needs to complete "kubectl headway".',
    '',
    'Exit codes: 0 done, 2 bad arguments.',
  ],
  async run(args, io) {
    const { words } = parseFlags(args, {});
    const shell = SHELLS.find((one) => one === words[0]);
    if (shell === undefined || words.length > 1) {
      throw new UsageError(`say for which shell: ${SHELLS.join(', ')}`);
    }
    io.out(completionScript(shell satisfies Shell));
    return EXIT.done;
  },
};
