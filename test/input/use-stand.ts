// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect } from '@jest/globals';
import { resources } from '../../operator/kube/resources.ts';
import type { Operator } from '../e2e/support/operator.ts';
import { admin } from '../e2e/support/world.ts';
import { closeOperator, openOperator } from './operator.ts';
import { openStand, type Stand } from './stand.ts';

interface StandOptions {
  /** Name of the operator, and its port: another for each file, for they run side by side. */
  readonly operator: string;
  readonly port: number;
  readonly withinMs: number;
  /** What is there before the first test. */
  readonly prepare?: (stand: Stand) => Promise<void>;
}

/** The operator and one namespace for all tests of a file. The operator has to end in good order. */
export function useStand({ operator: name, port, withinMs, prepare }: StandOptions): Stand {
  let operator: Operator | undefined;
  let stand: Stand | undefined;

  beforeAll(async () => {
    operator = await openOperator(name, port);
    stand = await openStand();
    await prepare?.(stand);
  }, withinMs);

  afterAll(async () => {
    if (stand) await admin().delete(resources.namespaces, { name: stand.namespace });
    if (operator) expect(await closeOperator(operator)).toBe(0);
  }, withinMs);

  function opened(): Stand {
    if (!stand) throw new Error('the stand is opened before the first test, and not earlier');
    return stand;
  }

  return {
    get namespace() {
      return opened().namespace;
    },
    apply: (...objects) => opened().apply(...objects),
    ready: (...wanted) => opened().ready(...wanted),
    snapshot: () => opened().snapshot(),
  };
}
