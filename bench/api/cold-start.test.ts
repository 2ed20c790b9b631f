// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { createController } from '../../operator/runtime/create-controller.ts';
import { createWorkQueue } from '../../operator/runtime/create-work-queue.ts';
import { systemClock } from '../../operator/runtime/clock.ts';
import { done } from '../../operator/runtime/result.ts';
import { createLogger } from '../../operator/telemetry/logger.ts';
import { reconciledKey } from './cold-start.ts';

describe('reconciledKey', () => {
  it('finds the object in the line that a controller writes', async () => {
    const lines: string[] = [];
    const stream = { write: (line: string) => void lines.push(line) };
    const log = createLogger({ level: 'debug', format: 'json', stream });
    const queue = createWorkQueue({ name: 'canary', clock: systemClock });
    const controller = createController({
      name: 'canary',
      queue,
      log,
      clock: systemClock,
      reconcile: () => Promise.resolve(done),
    });
    controller.start();
    queue.add('bench-1/shop-0001');
    await controller.stop(1_000);
    expect(lines.map(reconciledKey).filter((key) => key !== undefined)).toEqual(['bench-1/shop-0001']);
  });

  it.each([
    ['{"level":"error","object":"a/b","msg":"reconcile failed; trying again"}'],
    ['{"level":"debug","msg":"reconciled"}'],
    [''],
  ])('finds nothing in %s', (line) => {
    expect(reconciledKey(line)).toBeUndefined();
  });
});
