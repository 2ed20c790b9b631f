// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');

/** Logs and what the parts measured; ignored by git. */
export const outputDir = join(root, 'build/bench');

/** What is kept of a run. */
export const docsDir = join(root, 'docs/benchmarks');
