// SPDX-License-Identifier: Apache-2.0
// GOLDEN=write writes the views anew; read what has changed in them before you commit it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BlueGreenStatus } from '../../operator/api/blue-green-status.ts';
import { CanaryStatus } from '../../operator/api/rollout-status.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import type { Screen } from '../command.ts';
import { explain } from '../explain/explanation.ts';
import { widthOf } from '../text/width.ts';
import { modelOf } from './model.ts';
import { statusArbitrary } from './test-arbitrary.ts';
import { BAKING, PREVIEW } from './test-blue-greens.ts';
import { PODS } from './test-pods.ts';
import * as rollouts from './test-rollouts.ts';
import { view } from './view.ts';

const STATES: Readonly<Record<string, KubeObject>> = {
  'mid-canary': rollouts.MID_CANARY,
  'rolled-back': rollouts.ROLLED_BACK,
  'waiting-for-a-person': rollouts.WAITING,
  'no-data': rollouts.NO_DATA,
  invalid: rollouts.INVALID,
  healthy: rollouts.HEALTHY,
  'first-look': rollouts.UNSEEN_CANARY,
  'blue-green-preview': PREVIEW,
  'blue-green-bake': BAKING,
};

const SCREENS: Readonly<Record<string, Screen>> = {
  '80 columns': { isTerminal: true, columns: 80, hasColor: false, hasUnicode: true },
  '120 columns': { isTerminal: true, columns: 120, hasColor: false, hasUnicode: true },
  '80 columns of ASCII': { isTerminal: true, columns: 80, hasColor: false, hasUnicode: false },
  '80 columns in colour': { isTerminal: true, columns: 80, hasColor: true, hasUnicode: true },
};

const ESCAPE = '\u001b';

function shown(object: KubeObject, screen: Screen): string[] {
  return view(modelOf(object, PODS), screen, rollouts.NOW_MS);
}

describe.each(Object.entries(STATES))('the view of %s', (name, object) => {
  it('is as it was', () => {
    const told = Object.entries(SCREENS)
      .map(([title, screen]) => `== ${title}\n${shown(object, screen).join('\n')}\n`)
      .join('\n')
      .replaceAll(ESCAPE, '^');
    const path = join(import.meta.dirname, 'golden', `${name}.txt`);
    if (process.env['GOLDEN'] === 'write') writeFileSync(path, told);
    expect(told).toBe(readFileSync(path, 'utf8'));
  });

  it('says the same in colour as without', () => {
    const { '80 columns': plain, '80 columns in colour': coloured } = SCREENS;
    expect(shown(object, coloured as Screen).map(stripVTControlCharacters)).toEqual(
      shown(object, plain as Screen),
    );
  });

  it('has nothing but ASCII where the locale has nothing else', () => {
    const text = shown(object, SCREENS['80 columns of ASCII'] as Screen).join('');
    expect(text).toMatch(/^[ -~]*$/);
  });

  it('says the whole sentence of the status, on any screen', () => {
    const { message } = object['status'] as { message: string };
    for (const screen of Object.values(SCREENS).slice(0, 2)) {
      const text = shown(object, screen)
        .map((line) => line.slice(8))
        .join(' ')
        .replaceAll(/ +/g, ' ');
      expect(text).toContain(message);
    }
  });
});

describe('any view', () => {
  const objects = fc.oneof(
    statusArbitrary(CanaryStatus).map((status) => ({ ...rollouts.MID_CANARY, status })),
    statusArbitrary(BlueGreenStatus).map((status) => ({ ...PREVIEW, status })),
  );
  const screens = fc.record({
    isTerminal: fc.boolean(),
    columns: fc.integer({ min: 1, max: 200 }),
    hasColor: fc.boolean(),
    hasUnicode: fc.boolean(),
  });
  const names = fc.record({
    name: fc.stringMatching(/^[a-z0-9-]{1,253}$/),
    namespace: fc.stringMatching(/^[a-z0-9-]{1,63}$/),
  });

  it.each([
    ['view', view],
    ['explain', explain],
  ])('%s has no line that is wider than the screen, and none that steers a terminal', (_, show) => {
    fc.assert(
      fc.property(objects, screens, names, (object, screen, metadata) => {
        const raw = { ...object, metadata: { ...object.metadata, ...metadata } } as KubeObject;
        const lines = show(modelOf(raw, PODS), screen, rollouts.NOW_MS);
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) {
          const plain = screen.hasColor ? stripVTControlCharacters(line) : line;
          expect(plain).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
          expect(widthOf(plain)).toBeLessThanOrEqual(screen.columns);
          if (!screen.hasUnicode) expect(plain).toMatch(/^[ -~]*$/);
        }
      }),
      { numRuns: 100 },
    );
  });
});
