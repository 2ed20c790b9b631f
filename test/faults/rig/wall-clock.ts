// SPDX-License-Identifier: Apache-2.0
// Loaded into an operator before its own code: SIGUSR2 sets its wall clock two hours ahead, SIGHUP two hours back.
const RealDate = Date;
const HOURS_MS = 7_200_000;
let offsetMs = 0;

class MovedDate extends RealDate {
  constructor(given: number | string = MovedDate.now()) {
    super(given);
  }

  static override now(): number {
    return RealDate.now() + offsetMs;
  }
}

Object.defineProperty(globalThis, 'Date', { value: MovedDate });
process.on('SIGUSR2', () => {
  offsetMs += HOURS_MS;
});
process.on('SIGHUP', () => {
  offsetMs -= HOURS_MS;
});
