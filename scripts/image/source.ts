// SPDX-License-Identifier: Apache-2.0
import { run } from '../../test/cluster/shell.ts';

/** Which sources an image is made of; `unknown`, and of 1970, outside of a checkout of git. */
export interface Source {
  /** The commit, with `-dirty` when files differ from it. */
  readonly revision: string;
  /** When it was committed, RFC 3339. */
  readonly created: string;
}

/** What git says about the checkout; SOURCE_DATE_EPOCH (seconds) replaces the time of the commit. */
export async function readSource(root: string, env: NodeJS.ProcessEnv = process.env): Promise<Source> {
  const git = (...args: string[]): Promise<string> =>
    run('git', ['-C', root, ...args]).then(
      (output) => output.trim(),
      () => '', // not a checkout
    );
  const commit = await git('rev-parse', 'HEAD');
  const changes = commit === '' ? '' : await git('status', '--porcelain', '--untracked-files=no');
  const seconds = epochSeconds(env) ?? Number((await git('log', '-1', '--format=%ct')) || '0');
  return {
    revision: commit === '' ? 'unknown' : `${commit}${changes === '' ? '' : '-dirty'}`,
    created: new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z'),
  };
}

/** SOURCE_DATE_EPOCH, if it is set; throws when it is no whole number of seconds. */
export function epochSeconds(env: NodeJS.ProcessEnv): number | undefined {
  const { SOURCE_DATE_EPOCH: text = '' } = env;
  if (text === '') return undefined;
  if (!/^\d{1,11}$/.test(text))
    throw new Error(`SOURCE_DATE_EPOCH is "${text}"; it must be seconds since 1970`);
  return Number(text);
}
