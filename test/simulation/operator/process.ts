// SPDX-License-Identifier: Apache-2.0
import { abortReason, type Clock } from '../../../operator/runtime/clock.ts';
import type { Timeline } from '../timeline.ts';

/** The wall clock when a story begins. */
export const START_MS = Date.UTC(2026, 10, 21, 14, 0, 0);

/**
 * One life of the operator: what it waits for reaches it only while it lives and its event loop runs. After its death
 * nothing of it goes on, as if the power had failed; what it has sent by then arrives.
 */
export class Process {
  readonly name: string;
  isAlive = true;
  /** By how much the wall clock was wrong when it started, in ms; it is read once. */
  private readonly wallOffsetMs: number;
  private readonly timeline: Timeline;
  private stoppedUntilMs = 0;

  constructor(name: string, timeline: Timeline, wallOffsetMs = 0) {
    this.wallOffsetMs = wallOffsetMs;
    this.name = name;
    this.timeline = timeline;
  }

  /** Stops the event loop for a while, as SIGSTOP or a starved node would. */
  stall(ms: number): void {
    this.stoppedUntilMs = Math.max(this.stoppedUntilMs, this.timeline.now + ms);
  }

  kill(): void {
    this.isAlive = false;
  }

  /** Something from outside reaches the process: at once, when its event loop goes on, or never. */
  reach(run: () => void): void {
    if (!this.isAlive) return;
    if (this.timeline.now >= this.stoppedUntilMs) run();
    else this.timeline.at(this.stoppedUntilMs, () => this.reach(run));
  }

  readonly clock: Clock = {
    now: () => START_MS + this.timeline.now + this.wallOffsetMs,
    monotonicMs: () => this.timeline.now,
    sleep: (ms, signal) => this.sleep(ms, signal),
  };

  private sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortReason(signal));
        return;
      }
      let isOver = false;
      const onAbort = () => {
        isOver = true;
        if (signal) reject(abortReason(signal));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.timeline.after(Math.max(ms, 0), () => {
        if (isOver) return;
        this.reach(() => {
          if (isOver) return;
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
      });
    });
  }
}
