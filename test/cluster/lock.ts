// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Runs an action while holding the lock file. The kernel keeps the lock, so it ends with its holder, however
 * that ends; a second process says that it waits.
 */
export async function withLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const holder = spawn('flock', ['--exclusive', path, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(holder, 'exit');
  const waiting = setTimeout(() => console.error(`waiting for another process to release ${path}`), 1_000);
  try {
    await Promise.race([once(holder.stdout, 'data'), exited.then(refuse(path))]);
  } finally {
    clearTimeout(waiting);
  }
  try {
    return await action();
  } finally {
    holder.stdin.end();
    await exited;
  }
}

function refuse(path: string): () => never {
  return () => {
    throw new Error(`cannot lock ${path}`);
  };
}
