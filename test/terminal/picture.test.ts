// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type Cell, textOf } from './cells.ts';
import { pictureOf } from './picture.ts';

function row(text: string, look: Partial<Cell> = {}): Cell[] {
  return Array.from(text, (one) => ({ text: one, isBold: false, colour: undefined, ...look }));
}

const screen = [
  [...row('shop', { isBold: true }), ...row('  a < b & c   ')],
  row(' '),
  row('  failed', { colour: 1 }),
  row(' '),
];

describe('textOf', () => {
  it('is what a person reads, without what is empty at the ends', () => {
    expect(textOf(screen)).toBe('shop  a < b & c\n\n  failed');
    expect(textOf([row('  ')])).toBe('');
  });
});

describe('pictureOf', () => {
  const picture = pictureOf(screen, 20, 'A "shop" & more');
  const texts = picture.split('\n').filter((line) => line.startsWith('<text'));

  it('is as wide as the terminal and as high as what stands in it', () => {
    expect(picture).toContain('width="196" height="85"');
    expect(picture).toContain('<title>A "shop" &amp; more</title>');
  });

  it('draws a run for each look, at its place, with its colour', () => {
    expect(texts).toEqual([
      '<text x="14.0" y="28" textLength="33.6" font-weight="bold">shop</text>',
      '<text x="64.4" y="28" textLength="75.6">a &lt; b &amp; c</text>',
      '<text x="30.8" y="66" textLength="50.4" fill="#ff7b72">failed</text>',
    ]);
  });
});
