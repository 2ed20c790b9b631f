// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { FakeOperator } from './fake-operator.ts';
import { ask, atStep, releasing } from './test-releases.ts';

/** The user changes a port of the Service. */
function outdate(operator: FakeOperator): FakeOperator {
  operator.takeWrites();
  return operator.meanwhile(({ canaryService }) => {
    if (canaryService) canaryService.outdated = true;
  });
}

describe('a canary Service of which the user has changed the original', () => {
  it('follows it once, under weight', () => {
    const operator = outdate(ask(atStep(1), 'pause').runFor(10_000)).runFor(600_000);
    expect(operator.takeWrites()).toEqual(['checkout-canary -> revision bbb']);
    ask(operator, 'resume').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('follows it before it gets more weight', () => {
    const operator = outdate(releasing().runUntil(({ step }) => step?.index === 2));
    operator.runUntil(({ weight }) => weight?.route === 50);
    const writes = operator.takeWrites();
    expect(writes.indexOf('checkout-canary -> revision bbb')).toBeLessThan(writes.indexOf('weight 50'));
    expect(writes.filter((write) => write.startsWith('checkout-canary'))).toHaveLength(1);
  });

  it('is not written any more while it only has to go', () => {
    const operator = outdate(ask(atStep(1), 'abort').runUntil(({ stage }) => stage === 'RolledBack'));
    operator.runUntilIdle();
    expect(operator.takeWrites()).not.toContain('checkout-canary -> revision bbb');
    expect(operator.cluster.canaryService).toBeUndefined();
  });
});
