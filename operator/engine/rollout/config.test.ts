// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import {
  hasOtherConfig,
  isSameConfig,
  missingConfig,
  nextLookMs,
  type RevisionConfig,
  revisionHash,
  type TrackedConfig,
} from './config.ts';

function wanted(content?: string, more: Partial<TrackedConfig> = {}): TrackedConfig {
  return {
    kind: 'ConfigMap',
    name: 'app',
    optional: false,
    ...(content ? { content, id: content } : {}),
    ...more,
  };
}

function copied(content?: string, more: Partial<RevisionConfig> = {}): RevisionConfig {
  return {
    kind: 'ConfigMap',
    name: 'app',
    copy: 'app-aaa',
    state: 'there',
    ...(content ? { content } : {}),
    ...more,
  };
}

describe('the config of a revision beside that of the target', () => {
  const optional = { optional: true };
  const table: [string, TrackedConfig[], RevisionConfig[], { same: boolean; other: boolean }][] = [
    ['none', [], [], { same: true, other: false }],
    ['equal', [wanted('a')], [copied('a')], { same: true, other: false }],
    ['different', [wanted('a')], [copied('b')], { same: false, other: true }],
    ['the original away', [wanted('absent')], [copied('a')], { same: false, other: false }],
    ['the original unknown', [wanted()], [copied('a')], { same: false, other: false }],
    ['the copy unknown', [wanted('a')], [copied()], { same: false, other: false }],
    ['a revision without copies', [wanted('a')], [], { same: false, other: false }],
    ['config that is live by now', [], [copied('a')], { same: false, other: false }],
    [
      'an optional one away in both',
      [wanted('absent', optional)],
      [copied('absent')],
      { same: true, other: false },
    ],
    ['an optional one that came', [wanted('a', optional)], [copied('absent')], { same: false, other: true }],
    ['an optional one that went', [wanted('absent', optional)], [copied('a')], { same: false, other: true }],
    [
      'a Secret of that name',
      [wanted('a')],
      [copied('b', { kind: 'Secret' })],
      { same: false, other: false },
    ],
  ];
  it.each(table)('%s', (_what, target, revision, { same, other }) => {
    expect(isSameConfig(target, revision)).toBe(same);
    expect(hasOtherConfig(target, revision)).toBe(other);
  });
});

describe('what a new revision would lack', () => {
  it.each([
    [[wanted('a')], undefined],
    [[wanted('absent', { optional: true })], undefined],
    [[wanted('a'), wanted('absent', { name: 'flags' })], 'flags'],
    [[wanted(undefined, { name: 'flags', optional: true })], 'flags'],
  ])('of %j is %s', (config, name) => {
    expect(missingConfig(config)?.name).toBe(name);
  });
});

describe('config that no watch tells of', () => {
  const secret = wanted('a', { kind: 'Secret' });
  it.each<[string, TrackedConfig[] | undefined, number | undefined]>([
    ['none', undefined, undefined],
    ['a ConfigMap', [wanted('a')], undefined],
    ['a Secret', [wanted('a'), secret], 30_000],
    ['a Secret that is not there', [wanted('absent', { kind: 'Secret' })], 5000],
    ['an optional Secret that is not there', [wanted('absent', { kind: 'Secret', optional: true })], 30_000],
    ['a Secret that may not be read', [secret, wanted(undefined, { kind: 'Secret', problem: 'no' })], 5000],
    ['a ConfigMap that may not be read', [wanted(undefined, { problem: 'no' })], 5000],
  ])('as %s is looked at again', (_what, config, ms) => {
    expect(nextLookMs(config)).toBe(ms);
  });
});

describe('the hash of a revision', () => {
  it('is that of the template where there is no config', () => {
    expect(revisionHash('aaa')).toBe('aaa');
    expect(revisionHash('aaa', [])).toBe('aaa');
  });

  it('differs with the content and not with its order', () => {
    const flags = wanted('f', { name: 'flags' });
    expect(revisionHash('aaa', [wanted('a'), flags])).toBe(revisionHash('aaa', [flags, wanted('a')]));
    expect(revisionHash('aaa', [wanted('a')])).not.toBe(revisionHash('aaa', [wanted('b')]));
    expect(revisionHash('aaa', [wanted('a')])).not.toBe(revisionHash('bbb', [wanted('a')]));
    expect(revisionHash('aaa', [wanted('a')])).toMatch(/^[a-z0-9]{10}$/);
  });
});
