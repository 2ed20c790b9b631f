// SPDX-License-Identifier: Apache-2.0
// Test support: four properties that hold of a release whatever happens to it.
import { it } from '@jest/globals';
import fc from 'fast-check';
import type { FakeOperator } from './fake-operator.ts';
import { type Act, calmActs, wildActs } from './test-acts.ts';

interface Whatever {
  /** `excused`: others have their hands in it, so that what they break is not the operator's. */
  readonly begin: (excused: boolean) => FakeOperator;
  /** Heals what is broken, and throws where the release does not come to rest as it should. */
  readonly mustRest: (operator: FakeOperator) => void;
  /** Deletes it, and throws where not everything is given back. */
  readonly mustGo: (operator: FakeOperator) => void;
  readonly runs: fc.Parameters<[Act[]]>;
}

/** Tests of these; every write is held to the rules of the auditor on its way. */
export function holdsWhateverHappens({ begin, mustRest, mustGo, runs }: Whatever): void {
  const holds = (acts: fc.Arbitrary<Act>, most: number, excused: boolean, must: typeof mustRest): void => {
    fc.assert(
      fc.property(fc.array(acts, { maxLength: most }), (all) => {
        const operator = begin(excused);
        for (const { happens } of all) {
          happens(operator);
          operator.step();
        }
        must(operator);
      }),
      runs,
    );
  };

  it('no request is lost, and left alone it comes to rest', () => holds(calmActs, 25, false, mustRest));

  it('also to pods and by other hands: every write is safe, and it comes to rest when that is over', () =>
    holds(wildActs, 25, true, mustRest));

  it('a deletion at any moment gives everything back, without a request lost', () =>
    holds(calmActs, 15, false, mustGo));

  it('also a deletion of what others have had their hands in', () => holds(wildActs, 15, true, mustGo));
}
