// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { badBlueGreens, goodBlueGreens } from './blue-green.cases.ts';
import { BlueGreenSpec } from './blue-green.ts';
import { describeSpecErrors } from './spec-errors.ts';

function errorsOf(spec: unknown): string[] {
  const result = BlueGreenSpec.safeParse(spec);
  return result.success ? [] : describeSpecErrors(result.error, spec);
}

describe('BlueGreenSpec', () => {
  it.each(goodBlueGreens)('takes $title', ({ spec }) => {
    expect(errorsOf(spec)).toEqual([]);
  });

  it.each(badBlueGreens)('refuses $title', ({ spec, operator }) => {
    expect(errorsOf(spec)).toEqual(operator);
  });

  it('fills in the defaults that its descriptions promise', () => {
    const least = goodBlueGreens[0]?.spec as object;
    expect(BlueGreenSpec.parse(least)).toEqual({
      ...least,
      autoPromote: true,
      firstDeploy: 'Skip',
      onFailure: 'Rollback',
      onNoData: 'Pause',
      noDataDeadline: '10m',
      progressDeadline: '10m',
      scaleDownDelay: '30s',
      releasePolicy: 'Any',
      suspend: false,
    });
  });

  it('drops fields of a Canary, as the API server prunes them', () => {
    const spec = { ...(goodBlueGreens[0]?.spec as object), steps: [{ setWeight: 5 }], match: [] };
    expect(Object.keys(BlueGreenSpec.parse(spec))).toEqual(
      Object.keys(BlueGreenSpec.parse(goodBlueGreens[0]?.spec)),
    );
  });
});
