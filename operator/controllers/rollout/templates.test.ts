// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { labelTemplate, stripTemplate, versionOf } from './templates.ts';

const OURS = {
  'headway.dev/revision': 'aaa',
  'headway.dev/canary': 'web',
  'headway.dev/serving': 'true',
};
const SPEC = { containers: [{ name: 'web', image: 'web:1' }], volumes: [{ name: 'x', emptyDir: {} }] };

describe('stripTemplate', () => {
  it.each([
    ['labels of ours', { metadata: { labels: { app: 'web', ...OURS } }, spec: SPEC }],
    [
      'a null creationTimestamp',
      { metadata: { creationTimestamp: null, labels: { app: 'web' } }, spec: SPEC },
    ],
    ['nothing to strip', { metadata: { labels: { app: 'web' } }, spec: SPEC }],
  ])('of %s leaves the template of the user', (_what, template) => {
    expect(stripTemplate(template)).toEqual({ metadata: { labels: { app: 'web' } }, spec: SPEC });
  });

  it.each([[{ spec: SPEC }], [{ metadata: null, spec: SPEC }], [{ metadata: { labels: null }, spec: SPEC }]])(
    'of %p is one without labels',
    (template) => {
      expect(stripTemplate(template)).toEqual({ metadata: { labels: {} }, spec: SPEC });
    },
  );

  it('keeps annotations and fields that nobody knows yet', () => {
    const template = {
      metadata: { labels: {}, annotations: { a: 'b' } },
      spec: { ...SPEC, novel: [1] },
      more: true,
    };
    expect(stripTemplate(template)).toEqual(template);
  });

  it('throws for what is no template', () => {
    expect(() => stripTemplate('x')).toThrow(/expected object/);
    expect(() => stripTemplate({ spec: { containers: 'x' } })).toThrow(/expected array/);
  });
});

describe('labelTemplate', () => {
  it('adds the labels of a revision in place of those of another', () => {
    const labelled = labelTemplate({ metadata: { labels: { app: 'web' } }, spec: SPEC }, OURS);
    expect(labelled).toEqual({ metadata: { labels: { app: 'web', ...OURS } }, spec: SPEC });
    expect(labelTemplate(labelled, { ...OURS, 'headway.dev/revision': 'bbb' }).metadata?.labels).toEqual({
      app: 'web',
      'headway.dev/canary': 'web',
      'headway.dev/revision': 'bbb',
      'headway.dev/serving': 'true',
    });
    expect(stripTemplate(labelled)).toEqual(
      stripTemplate({ metadata: { labels: { app: 'web' } }, spec: SPEC }),
    );
  });
});

describe('versionOf', () => {
  it.each([
    [['web:1.4.2'], '1.4.2'],
    [['registry.example:5000/shop/web:1.4.2'], '1.4.2'],
    [['registry.example:5000/shop/web'], undefined],
    [['web:1.4.2', 'envoy:7.0'], '1.4.2, 7.0'],
    [['web:1.4.2', 'helper:1.4.2'], '1.4.2'],
    [[`web@sha256:${'0123456789abcdef'.repeat(4)}`], '0123456789ab'],
    [[`web:1.4.2@sha256:${'f'.repeat(64)}`], 'ffffffffffff'],
    [[], undefined],
    [[undefined], undefined],
  ])('of %p is %p', (images, version) => {
    expect(versionOf({ spec: { containers: images.map((image) => ({ name: 'x', image })) } })).toBe(version);
  });

  it('is at most 100 characters', () => {
    const containers = Array.from({ length: 50 }, (_, i) => ({ name: `c${i}`, image: `web:version-${i}` }));
    expect(versionOf({ spec: { containers } })).toHaveLength(100);
  });

  it('of a template without a spec is none', () => {
    expect(versionOf({})).toBeUndefined();
  });
});
