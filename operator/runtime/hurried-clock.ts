// SPDX-License-Identifier: Apache-2.0
// Test support: real time, but every second of it counts for several.
import { type Clock, systemClock } from './clock.ts';

export function createHurriedClock(times: number): Clock {
  return {
    now: () => systemClock.now(),
    monotonicMs: () => systemClock.monotonicMs() * times,
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
}
