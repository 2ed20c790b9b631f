// SPDX-License-Identifier: Apache-2.0
import { type Flags, UsageError } from '../command.ts';
import { type Parsed, parseFlags } from '../flags.ts';

/** What a command that works on files reads. */
export const FILES_FLAGS = {
  filename: {
    short: 'f',
    value: 'FILE',
    help: 'a file, the .yaml, .yml and .json files of a folder, or - for standard input; may be given again',
  },
} as const satisfies Flags;

export const RECURSIVE_FLAG = {
  recursive: { short: 'R', help: 'look into the folders of a folder too' },
} as const satisfies Flags;

/**
 * The flags of a command that works on files, and the files. Throws a UsageError for a flag that there is not, for words
 * without a flag, and where no file is named.
 */
export function readArguments<F extends Flags>(
  args: readonly string[],
  known: F & typeof FILES_FLAGS,
): { files: readonly string[]; flags: Parsed<F & typeof FILES_FLAGS>['flags'] } {
  const { words, flags, all } = parseFlags(args, known);
  if (words.length > 0) throw new UsageError(`${words.join(' ')}: stands alone; name files with -f`);
  const files = all.get('filename') ?? [];
  if (files.length === 0) {
    throw new UsageError('-f is missing: name a file, a folder, or - for standard input');
  }
  return { files, flags };
}
