// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { RolloutStage, RolloutStatus } from '../../api/rollout-status.ts';
import { canaryServiceName } from './names.ts';
import { isSamePin, isServing, pinOf, pinText } from './pins.ts';
import { heldText, nameOf, nextSentence, rolledBackSentence, whereabouts } from './sentences.ts';
import type { RolloutStep } from './rollout.ts';
import type { Pin } from './types.ts';

describe('nameOf', () => {
  it.each([
    [undefined, undefined, 'none'],
    [{ revision: 'aaa' }, undefined, 'revision aaa'],
    [{ revision: 'aaa', version: '1.0' }, undefined, '1.0'],
    [{ revision: 'aaa', version: '1.0' }, { revision: 'bbb', version: '2.0' }, '1.0'],
    [{ revision: 'aaa', version: '1.0' }, { revision: 'bbb', version: '1.0' }, '1.0 (aaa)'],
  ])('%p beside %p is %p', (revision, other, name) => {
    expect(nameOf(revision, other)).toBe(name);
  });
});

const STATUS: RolloutStatus = {
  observedGeneration: 1,
  stable: { revision: 'aaa', version: '1.0' },
  canary: { revision: 'bbb', version: '2.0' },
};

describe('whereabouts', () => {
  it('is step, weight and version', () => {
    const step = { index: 2, count: 6, position: '3/6', hash: 'h', startedAt: '' };
    const moving = { ...STATUS, step, weight: { desired: 25, observed: 25 } };
    expect(whereabouts({ previewed: false }, moving)).toBe('step 3/6, 25% on 2.0');
    expect(whereabouts({ previewed: false }, STATUS)).toBe('0% on 2.0');
  });

  it('is a preview as long as no client reaches it', () => {
    const step = { index: 0, count: 2, position: '1/2', hash: 'h', startedAt: '' };
    const status = { ...STATUS, step, weight: { desired: 0, observed: 0 } };
    const said = (stage: RolloutStage) => whereabouts({ previewed: true }, { ...status, stage });
    expect(said('Stepping')).toBe('step 1/2, preview of 2.0');
    expect(said('Promoting')).toBe('step 1/2, all traffic to 2.0');
    expect(said('Returning')).toBe('step 1/2, all traffic to 2.0');
  });
});

describe('rolledBackSentence', () => {
  const failure = { reason: 'AnalysisFailed', message: 'errors 7 > 1', at: '2026-11-21T14:08:39.900Z' };

  it.each([
    [undefined, 'the template is 1.0 again; taking all traffic back to 1.0'],
    [failure, 'errors 7 > 1; taking all traffic back to 1.0'],
    [{ ...failure, weight: 25 }, 'errors 7 > 1 at 25%; taking all traffic back to 1.0'],
    [
      { ...failure, weight: 25, restoredAt: '2026-11-21T14:08:42.000Z' },
      'errors 7 > 1 at 25%; all traffic on 1.0 since 14:08:42 (2.1 s)',
    ],
    [
      { ...failure, weight: 0, restoredAt: '2026-11-21T14:00:00.000Z' },
      'errors 7 > 1 at 0%; all traffic on 1.0 since 14:00:00 (0.0 s)',
    ],
  ])('of %p', (of, sentence) => {
    expect(rolledBackSentence({ previewed: false }, { ...STATUS, failure: of })).toBe(sentence);
  });

  const restoredAt = '2026-11-21T14:08:42.000Z';

  it.each([
    ['a failed preview', { ...failure, weight: 0 }, 'errors 7 > 1 in preview; all traffic stays on 1.0'],
    [
      'one that is gone',
      { ...failure, weight: 0, restoredAt },
      'errors 7 > 1 in preview; all traffic stays on 1.0',
    ],
    [
      'a switch that is called back',
      { ...failure, weight: 100 },
      'errors 7 > 1 in the switch; taking all traffic back to 1.0',
    ],
    [
      'one that has been',
      { ...failure, weight: 100, restoredAt },
      'errors 7 > 1 in the switch; all traffic on 1.0 since 14:08:42 (2.1 s)',
    ],
    ['a failed bake', { ...failure, restoredAt }, 'errors 7 > 1; all traffic on 1.0 since 14:08:42 (2.1 s)'],
  ])('of %s', (_what, of, sentence) => {
    expect(rolledBackSentence({ previewed: true }, { ...STATUS, failure: of })).toBe(sentence);
  });

  it.each([
    [0, 'the template is 1.0 again; all traffic stays on 1.0'],
    [100, 'the template is 1.0 again; taking all traffic back to 1.0'],
    [undefined, 'the template is 1.0 again; taking all traffic back to 1.0'],
  ])('of a preview that nobody asks for any more, seen at weight %p', (route, sentence) => {
    const weight = { desired: 0, observed: 0, ...(route === undefined ? {} : { route }) };
    expect(rolledBackSentence({ previewed: true }, { ...STATUS, weight })).toBe(sentence);
  });
});

describe('heldText', () => {
  const bake = { revision: 'aaa', startedAt: '' };

  it.each([
    ['a Canary', false, STATUS, 'weight held'],
    ['its bake', false, { ...STATUS, bake }, 'weight held'],
    ['a preview', true, STATUS, 'promotion held'],
    ['its bake', true, { ...STATUS, bake }, 'traffic held'],
  ])('of %s', (_what, previewed, status, text) => {
    expect(heldText({ previewed }, status)).toBe(text);
  });
});

describe('nextSentence', () => {
  const analysis = { checks: [] };
  const steps = [
    { setWeight: 5 },
    { pause: { duration: '2m' } },
    { pause: {} },
    { analysis },
    { replicas: 3 },
  ];
  const firstSteps = [{ whole: true as const }, { pause: {} }];

  it.each([
    [0, 'waits until somebody promotes'],
    [1, 'all traffic'],
  ])('after step %i of a first version is %p', (index, sentence) => {
    const step = { index, count: 2, position: '', hash: '', startedAt: '' };
    const status = { ...STATUS, stage: 'Judging' as const, step };
    expect(nextSentence({ steps, firstSteps, side: 'canary', previewed: false }, status)).toBe(sentence);
  });

  it.each([
    [0, 'pause of 2m'],
    [1, 'waits until somebody promotes'],
    [2, 'analysis'],
    [3, '3 canary pods'],
    [4, 'promotion'],
    [-1, '5%'],
  ])('after step %i is %p', (index, sentence) => {
    const step = { index, count: 5, position: '', hash: '', startedAt: '' };
    expect(
      nextSentence(
        { steps, firstSteps, side: 'canary', previewed: false },
        { ...STATUS, stage: 'Stepping', step },
      ),
    ).toBe(sentence);
  });

  it('is the pods of a preview, by number or all, and what judges it', () => {
    const status = { ...STATUS, stage: 'Stepping' as const };
    const next = (step: RolloutStep) =>
      nextSentence({ steps: [{}, step], firstSteps, side: 'preview', previewed: true }, status);
    expect(next({ whole: true })).toBe('all preview pods');
    expect(next({ replicas: 2 })).toBe('2 preview pods');
    expect(next({ analysis })).toBe('prePromotion');
  });

  it.each([
    ['Promoting' as const, 'promotion'],
    ['Idle' as const, 'a new template'],
    ['RolledBack' as const, 'a new template'],
  ])('at stage %s is %p', (stage, sentence) => {
    expect(nextSentence({ steps, firstSteps, side: 'canary', previewed: false }, { ...STATUS, stage })).toBe(
      sentence,
    );
  });
});

describe('pins', () => {
  const pins: [Pin, string][] = [
    [{ kind: 'none' }, 'none'],
    [{ kind: 'all' }, 'all revisions'],
    [{ kind: 'revision', revision: 'aaa' }, 'revision aaa'],
    [{ kind: 'replica-set', podHash: '5d4f' }, 'replica set 5d4f'],
  ];

  it.each(pins)('%p is said as %p and equal to itself alone', (pin, text) => {
    expect(pinText(pin)).toBe(text);
    expect(pins.filter(([other]) => isSamePin(pin, other))).toEqual([[pin, text]]);
  });

  it('serve a revision when they name it alone', () => {
    expect(isServing(pinOf('aaa'), 'aaa')).toBe(true);
    expect(isServing(pinOf('aaa'), 'bbb')).toBe(false);
    expect(isServing({ kind: 'all' }, 'aaa')).toBe(false);
    expect(isServing(undefined, undefined)).toBe(false);
  });
});

describe('canaryServiceName', () => {
  it('is the name and -canary, cut where it is too long for a Service', () => {
    expect(canaryServiceName('checkout')).toBe('checkout-canary');
    expect(canaryServiceName('c'.repeat(60))).toMatch(/^c{45}-[a-z0-9]{10}-canary$/);
  });
});
