// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { answerToChange } from './change-spec.ts';
import { usePlace } from './use-place.ts';

const place = usePlace();

const ACTIVE = { revision: 'abc', since: '2026-11-22T12:00:00Z', slot: 'blue' };

/** What the API server says to another `previewService`, with an active version or without. */
function change(from: object | undefined, to: object | null, active: object | undefined): Promise<string> {
  return answerToChange(place, {
    kind: 'BlueGreen',
    from: from ? { previewService: from } : {},
    status: active && { active },
    to: { previewService: to },
  });
}

describe('the preview Service of a BlueGreen', () => {
  const refused = expect.stringMatching(
    /^spec\.previewService: .*previewService cannot change once a version is active, for the old one would be left with requests and without pods; delete this BlueGreen and make a new one$/,
  );

  it.each<[string, object | undefined, object | null]>([
    ['another name', { name: 'next' }, { name: 'other' }],
    ['a name where it had its default', undefined, { name: 'other' }],
    ['its default where it had a name', { name: 'next' }, null],
  ])('does not get %s once a version is active, and does before', async (_what, from, to) => {
    expect(await change(from, to, ACTIVE)).toEqual(refused);
    expect(await change(from, to, undefined)).toBe('taken');
  });

  it.each<[string, object | undefined, object | null]>([
    ['written out', undefined, { name: 'shop-preview' }],
    ['left out', { name: 'shop-preview' }, null],
  ])('may have its default %s at any time', async (_what, from, to) => {
    expect(await change(from, to, ACTIVE)).toBe('taken');
  });
});
