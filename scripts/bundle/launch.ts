// SPDX-License-Identifier: Apache-2.0
// How the operator's program is started: by the first line of the bundle, and by the entry point of the image.

/**
 * The operator allocates little and often: without the flags V8 keeps the garbage of a busy minute, without the
 * variable glibc keeps what each of V8's threads once used. At 1,000 objects that would more than double the resident
 * memory (docs/benchmarks/memory.md).
 */
export const nodeFlags = ['--max-semi-space-size=1', '--optimize-for-size', '--no-maglev'] as const;
export const environment: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1' };

/** Where the image has them. */
export const imagePaths = {
  node: '/usr/local/bin/node',
  program: '/usr/lib/headway/headway.mjs',
  docs: '/usr/share/doc/headway',
  nodeDocs: '/usr/share/doc/node',
} as const;

/** The first line of the bundle, so that the file runs by itself where a Node is on the PATH. */
export function hashbang(): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return `#!/usr/bin/env -S ${[...variables, 'node', ...nodeFlags].join(' ')}`;
}

/** The entry point of the image, which has no shell and no env; the variables are the image's own. */
export function entrypoint(): string[] {
  return [imagePaths.node, ...nodeFlags, imagePaths.program];
}
