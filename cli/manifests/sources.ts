// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Io, UsageError } from '../command.ts';
import { codeOf } from './error-code.ts';

/** The text of one file, with the name that a person knows it by. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

const MANIFEST = /\.(ya?ml|json)$/;

export const STDIN = '-';

/**
 * The files that were named: a file, the .yaml, .yml and .json files of a folder (with `recursive` also those of the
 * folders in it), or `-` for standard input. Throws a UsageError that names everything that cannot be read.
 */
export async function readSources(
  paths: readonly string[],
  io: Pick<Io, 'stdin'>,
  { recursive = false } = {},
): Promise<Source[]> {
  const sources: Source[] = [];
  const problems: string[] = [];
  if (paths.filter((path) => path === STDIN).length > 1) {
    problems.push('-: standard input can be read once; name - once');
  }
  for (const path of new Set(paths)) {
    try {
      sources.push(...(await readOne(path, io, recursive)));
    } catch (error) {
      problems.push(`${path}: ${whyUnreadable(error)}`);
    }
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return sources;
}

async function readOne(path: string, io: Pick<Io, 'stdin'>, recursive: boolean): Promise<Source[]> {
  if (path === STDIN) return [{ name: 'stdin', text: await io.stdin() }];
  const found = await stat(path);
  if (!found.isDirectory()) return [{ name: path, text: await readFile(path, 'utf8') }];
  const names = (await readdir(path, { recursive })).filter((name) => MANIFEST.test(name)).toSorted();
  if (names.length === 0) throw new UsageError(emptyFolder(recursive));
  return Promise.all(
    names.map(async (name) => ({ name: join(path, name), text: await readFile(join(path, name), 'utf8') })),
  );
}

function emptyFolder(recursive: boolean): string {
  const rest = recursive ? '' : '; -R also looks into the folders in it';
  return `has no file that ends with .yaml, .yml or .json${rest}`;
}

function whyUnreadable(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  const code = codeOf(error);
  if (code === 'ENOENT') return 'is not there; name a file, a folder or - for standard input';
  if (code === 'EACCES') return 'may not be read';
  throw error;
}
