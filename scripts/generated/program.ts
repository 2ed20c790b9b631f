// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from 'node:util';
import { bringUpToDate, type Generated } from './files.ts';

/** A program that writes the files, or with --check says which are not up to date and ends with 1. */
export function generate(generated: Generated): void {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const { written, complaints } = bringUpToDate(generated, values.check);
  for (const path of written) console.log(`${path} written`);
  for (const sentence of complaints) console.error(sentence);
  if (complaints.length > 0) process.exitCode = 1;
}
