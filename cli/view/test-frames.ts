// SPDX-License-Identifier: Apache-2.0
import { glyphsOf } from '../text/glyphs.ts';
import type { Line } from '../text/line.ts';
import { frameOf } from './frame.ts';
import { NOW_MS } from './test-rollouts.ts';

const SCREEN = { isTerminal: true, columns: 80, hasColor: false, hasUnicode: true };
export const GLYPHS = glyphsOf(SCREEN);
export const FRAME = frameOf(SCREEN, NOW_MS);

export function textOf(line: Line | undefined): string | undefined {
  return line
    ?.map(({ text }) => text)
    .join('')
    .trimEnd();
}
