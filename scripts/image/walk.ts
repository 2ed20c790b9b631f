// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every path in a folder, what is in a directory before the directory itself, which is last. Links are not followed. */
export function everythingIn(root: string): string[] {
  const entries = readdirSync(root, { withFileTypes: true });
  const within = entries.flatMap((entry) => {
    const path = join(root, entry.name);
    return entry.isDirectory() ? everythingIn(path) : [path];
  });
  return [...within, root];
}
