// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Layout } from './layout.ts';

/** What is kept of a cluster beside its processes; it exists from the start of `up` to the end of `down`. */
const ClusterState = z.object({
  profile: z.enum(['api', 'node']),
  /** Folders of the programs, so that a part starts again with what it was started with. */
  programFolders: z.array(z.string()),
});
type ClusterState = z.infer<typeof ClusterState>;

function statePath(layout: Layout): string {
  return join(layout.stateDir, 'cluster.json');
}

export function writeState(layout: Layout, state: ClusterState): void {
  mkdirSync(layout.stateDir, { recursive: true });
  const path = statePath(layout);
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
}

/** The state, or undefined when there is no such cluster. */
export function readState(layout: Layout): ClusterState | undefined {
  const path = statePath(layout);
  return existsSync(path) ? ClusterState.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}

/** The state of a cluster that must be there. */
export function requireState(layout: Layout): ClusterState {
  const state = readState(layout);
  if (state === undefined) {
    throw new Error(`there is no cluster "${layout.name}" of this checkout; start it with up`);
  }
  return state;
}
