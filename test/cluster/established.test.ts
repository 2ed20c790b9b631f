// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { notEstablished, waitUntilEstablished } from './established.ts';

const named = (name: string, conditions?: object | null): object => ({
  metadata: { name },
  ...(conditions !== undefined && { status: { conditions } }),
});
const served = named('served', [
  { type: 'NamesAccepted', status: 'True' },
  { type: 'Established', status: 'True' },
]);

describe('CRDs that are not served yet', () => {
  it.each([
    ['that is served', served, []],
    ['that has just been made', named('young', null), ['young']],
    ['without a status', named('bare'), ['bare']],
    ['whose names are accepted only', named('half', [{ type: 'NamesAccepted', status: 'True' }]), ['half']],
    ['that is refused', named('refused', [{ type: 'Established', status: 'False' }]), ['refused']],
    ['in a list', { items: [served, named('young', null), named('bare')] }, ['young', 'bare']],
    ['in an empty list', { items: [] }, []],
  ])('one %s', (_, printed, names) => {
    expect(notEstablished(JSON.stringify(printed))).toEqual(names);
  });
});

describe('waiting for CRDs', () => {
  it('asks until all are served', async () => {
    const answers = [named('young', null), named('young', null), served].map((one) => JSON.stringify(one));
    const asked: (readonly string[])[] = [];
    const kubectl = (args: readonly string[]): Promise<string> => {
      asked.push(args);
      return Promise.resolve(answers.shift() ?? '');
    };
    await waitUntilEstablished(kubectl, 60_000, ['crd/young']);
    expect(asked).toEqual(Array(3).fill(['get', '--output=json', 'crd/young']));
  });

  it('names those that do not come', async () => {
    const kubectl = (): Promise<string> =>
      Promise.resolve(JSON.stringify({ items: [named('young', null), served] }));
    await expect(waitUntilEstablished(kubectl, 0, ['crd'])).rejects.toThrow(
      'waited 0 ms for the CRDs young to be served',
    );
  });

  it("says kubectl's own words where it fails", async () => {
    const kubectl = (): Promise<string> => Promise.reject(new Error('not found'));
    await expect(waitUntilEstablished(kubectl, 60_000, ['crd/gone'])).rejects.toThrow('not found');
  });
});
