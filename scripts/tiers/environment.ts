// SPDX-License-Identifier: Apache-2.0
import { delimiter, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** Logs and reports of a run. */
export const outputDir = join(root, 'build/test');

/** The environment of every command: the pinned Node and the tools of node_modules come first on PATH. */
export function toolEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const path = [join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);
  return { ...process.env, PATH: path, FORCE_COLOR: '0', NO_COLOR: '1', ...more };
}

const jestNodeOptions = '--experimental-vm-modules --disable-warning=ExperimentalWarning';

/** jest runs ES modules only with these; FORCE_COLOR beside NO_COLOR would make Node warn in every worker. */
export function jestEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _forced, ...env } = toolEnvironment(more);
  return { ...env, NODE_OPTIONS: jestNodeOptions };
}

/** The command line of a jest run of one project, with its report in a file. */
export function jestCommand(project: string, reportPath: string, more: readonly string[] = []): string[] {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  return [
    process.execPath,
    jest,
    '--selectProjects',
    project,
    '--json',
    `--outputFile=${reportPath}`,
    '--colors=false',
    ...more,
  ];
}
