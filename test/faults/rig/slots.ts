// SPDX-License-Identifier: Apache-2.0

/** Lets so many acts run at once; the others wait in order. */
export function createSlots(count: number): <T>(act: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = count;

  function take(): Promise<void> {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => waiting.push(resolve));
  }

  function giveBack(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  return async (act) => {
    await take();
    try {
      return await act();
    } finally {
      giveBack();
    }
  };
}
