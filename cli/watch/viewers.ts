// SPDX-License-Identifier: Apache-2.0
import { clockOf } from '../../operator/engine/time.ts';
import type { Io } from '../command.ts';
import { ellipsisOf, lineOf, printLine } from '../text/line.ts';
import { cleanAll } from '../text/width.ts';
import { type Model, sidesOf } from '../view/model.ts';
import { view } from '../view/view.ts';
import type { Terminal } from '../world.ts';
import { ENTER_SCREEN, LEAVE_SCREEN, repaint } from './repaint.ts';

/** Shows an object as it changes. */
export interface Viewer {
  show(model: Model, trouble: string | undefined): void;
  /** Ms after which it wants to show the same again, because time goes by; undefined: never. */
  readonly tickMs: number | undefined;
  /** The last word: nothing is shown afterwards, and the terminal is as it was. */
  close(): void;
}

/** A terminal is painted; anything else gets a line for each change. */
export function createViewer(io: Io, terminal: Terminal, onResize: () => void): Viewer {
  return io.screen.isTerminal ? paintingViewer(io, terminal, onResize) : tellingViewer(io);
}

function paintingViewer(io: Io, terminal: Terminal, onResize: () => void): Viewer {
  let painted: readonly string[] | undefined;
  let last: readonly string[] = [];
  const forget = terminal.onResize(() => {
    painted = undefined;
    onResize();
  });
  io.out(ENTER_SCREEN);
  return {
    tickMs: 1000,
    show(model, trouble) {
      last = view(model, io.screen, io.now());
      const all = trouble === undefined ? last : [...last, printLine(lineOf(trouble, 'warn'), io.screen)];
      const frame = fit(all, terminal.rows(), ellipsisOf(io.screen));
      io.out(repaint(painted, frame));
      painted = frame;
    },
    close() {
      forget();
      io.out(LEAVE_SCREEN);
      for (const line of last) io.out(`${line}\n`);
    },
  };
}

/** What does not fit is not painted over what does: the top of a view is what matters. */
function fit(lines: readonly string[], rows: number, ellipsis: string): string[] {
  return lines.length <= rows ? [...lines] : [...lines.slice(0, Math.max(0, rows - 1)), ellipsis];
}

function tellingViewer(io: Io): Viewer {
  let told = '';
  const say = (line: string) => {
    if (line !== told) io.out(`${clockOf(io.now())}  ${line}\n`);
    told = line;
  };
  return {
    tickMs: undefined,
    show: (model, trouble) => say(trouble ?? sayingOf(cleanAll(model, io.screen.hasUnicode))),
    close: () => undefined,
  };
}

/** `Progressing  step 3/6  25% canary  <the sentence>`: what is worth a line when it changes. */
function sayingOf(model: Model): string {
  const { phase = 'Pending', step, weight, message = '', canary } = model.status;
  const parts = [
    phase,
    ...(step ? [`step ${step.position}`] : []),
    ...(weight && canary ? [`${weight.observed}% ${sidesOf(model).canary}`] : []),
    message,
  ];
  return parts.join('  ');
}
