// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { fieldText } from './problem.ts';

describe('fieldText', () => {
  it.each<[PropertyKey[], string]>([
    [[], ''],
    [['spec', 'steps', 0, 'setWeight'], 'spec.steps[0].setWeight'],
    [['metadata', 'annotations', 'headway.dev/action'], 'metadata.annotations["headway.dev/action"]'],
  ])('%j', (path, text) => {
    expect(fieldText(path)).toBe(text);
  });
});
