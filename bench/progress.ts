// SPDX-License-Identifier: Apache-2.0

const startedMs = performance.now();

/** One line with the minutes and seconds since this process began. */
export function say(line: string): void {
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  console.log(`  ${clock.padStart(5)}  ${line}`);
}

const everyMs = 10_000;

/** Says a line every ten seconds while the work goes on. */
export async function saying<T>(line: () => string, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => say(line()), everyMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
