// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ageMs, ageOf } from './process-age.ts';

describe('ageMs', () => {
  const stat = (name: string, start: string): string =>
    `77 (${name}) S 1 77 77 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 11 0 ${start} 1000 200`;

  it.each<[string, string, number]>([
    [stat('node', '9000'), '100.50 7.00', 10_500],
    [stat('a) b (c', '10000'), '100.00 7.00', 0],
  ])('of %j at %s is %d', (text, uptime, expected) => {
    expect(ageMs(text, uptime)).toBeCloseTo(expected, 3);
  });

  it.each([
    ['77 (node) S 1', '100.50 7.00'],
    [stat('node', '1'), ''],
  ])('refuses %j at %j', (text, uptime) => {
    expect(() => ageMs(text, uptime)).toThrow('the kernel says nothing about the start of a process');
  });

  it('is that of a real process', async () => {
    const startedMs = performance.now();
    const child = spawn('sleep', ['300']);
    try {
      await once(child, 'spawn');
      await delay(60);
      const age = ageOf(child.pid ?? 0);
      expect(age).toBeGreaterThanOrEqual(30);
      expect(age).toBeLessThanOrEqual(performance.now() - startedMs + 20); // the kernel counts in 10 ms
    } finally {
      child.kill();
    }
  });
});
