// SPDX-License-Identifier: Apache-2.0
import type { Random } from './random.ts';

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Modelled time: what is due happens in the order of time, and what is due at one moment in any order. */
export class Timeline {
  /** Milliseconds since the beginning. */
  now = 0;
  /** Everything that has happened so far, for the cost of a run. */
  steps = 0;
  private readonly random: Random;
  private readonly heap: Due[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  after(ms: number, run: () => void): void {
    this.at(this.now + ms, run);
  }

  at(atMs: number, run: () => void): void {
    const due = { atMs: Math.max(atMs, this.now), order: this.random.next(), run };
    let index = this.heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(this.heap[parent], due)) break;
      this.swap(index, parent);
      index = parent;
    }
  }

  /** When the next thing is due; infinite when nothing is. */
  get nextMs(): number {
    return this.heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Moves to the next thing that is due and lets it happen. */
  step(): void {
    const due = this.heap[0];
    const last = this.heap.pop();
    if (!due || !last) return;
    if (due !== last) this.sink(last);
    this.now = due.atMs;
    this.steps += 1;
    due.run();
  }

  private sink(due: Due): void {
    let index = 0;
    this.heap[0] = due;
    for (;;) {
      const left = 2 * index + 1;
      const child = isBefore(this.heap[left + 1], this.heap[left]) ? left + 1 : left;
      if (!isBefore(this.heap[child], due)) return;
      this.swap(index, child);
      index = child;
    }
  }

  private swap(one: number, other: number): void {
    const [a, b] = [this.heap[one], this.heap[other]];
    if (!a || !b) return;
    this.heap[one] = b;
    this.heap[other] = a;
  }
}

function isBefore(one: Due | undefined, other: Due | undefined): boolean {
  if (!one || !other) return one !== undefined;
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

/** Lets everything run that waits for nothing but its turn: Node empties the queue of promises before the next tick. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}
