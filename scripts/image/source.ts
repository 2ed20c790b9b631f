// SPDX-License-Identifier: Apache-2.0
import { run } from '../../test/cluster/shell.ts';

/** Which sources an image is made of; all empty or `unknown` outside of a checkout of git. */
export interface Source {
  /** The commit, with `-dirty` when files differ from it. */
  readonly revision: string;
  /** When it was committed, RFC 3339. */
  readonly created: string;
  /** The address of the repository, for people. */
  readonly url: string;
}

/** What git says about the checkout; SOURCE_DATE_EPOCH (seconds) replaces the time of the commit. */
export async function readSource(root: string, env: NodeJS.ProcessEnv = process.env): Promise<Source> {
  const git = (...args: string[]): Promise<string> =>
    run('git', ['-C', root, ...args]).then(
      (output) => output.trim(),
      () => '', // not a checkout, or without a remote
    );
  const commit = await git('rev-parse', 'HEAD');
  const changes = commit === '' ? '' : await git('status', '--porcelain', '--untracked-files=no');
  const seconds = epochSeconds(env) ?? Number((await git('log', '-1', '--format=%ct')) || '0');
  return {
    revision: commit === '' ? 'unknown' : `${commit}${changes === '' ? '' : '-dirty'}`,
    created: new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z'),
    url: webAddress(await git('config', '--get', 'remote.origin.url')),
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

/** A remote of git as an address for a browser, without credentials; empty for a folder of this machine. */
export function webAddress(remote: string): string {
  const [, host, path] =
    /^(?:https?|ssh|git):\/\/(?:[^@/]+@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(remote) ??
    /^(?:[^@/]+@)([^/:]+):(.+)$/.exec(remote) ??
    [];
  return host === undefined || path === undefined ? '' : `https://${host}/${path.replace(/\.git$/, '')}`;
}
