// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pictureOf } from '../../terminal/picture.ts';
import { openTerminal } from '../../terminal/terminal.ts';
import type { Desk } from './desk.ts';
import { root } from './world.ts';

/** Pictures of the last run; those of docs/captures are copies of them. */
const folder = join(root, 'build/captures');

const widths = [80, 120];
const rows = 40;
const withinMs = 60_000;
const INTERRUPTED = 130;
/** They are listed and counted beside the status, so they come a moment later. */
const PODS = /^Pods +stable /m;

/**
 * Runs a line that watches in terminals of 80 and of 120 columns until they show it, keeps a picture of each, and ends it by
 * Ctrl-C. Throws when a terminal does not show it, or the program ends in another way.
 */
export async function capture(desk: Desk, name: string, line: string, what: RegExp): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const columns of widths) {
    const terminal = openTerminal(desk.said(line), { columns, rows, env: desk.env });
    try {
      await terminal.shows(what, withinMs);
      await terminal.shows(PODS, withinMs);
      const picture = pictureOf(terminal.cells(), columns, `${desk.said(line)}, ${columns} columns`);
      writeFileSync(join(folder, `${name}-${columns}.svg`), picture);
      const code = await terminal.interrupt();
      if (code !== INTERRUPTED) throw new Error(`${line} ended with ${code} on Ctrl-C`);
    } finally {
      terminal.close();
    }
  }
}
