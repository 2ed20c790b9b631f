// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { entrypoint, environment, hashbang, nodeFlags } from './launch.ts';
import { PRODUCTS, productOf } from './products.ts';

describe('the products', () => {
  it.each(Object.entries(PRODUCTS))('%s is a program of this checkout, written to dist', (_, product) => {
    expect(existsSync(path.resolve(import.meta.dirname, '../..', product.entry))).toBe(true);
    expect(product.outfile).toMatch(/^dist\/[a-z.-]+$/);
    expect(product.hashbang).toMatch(/^#!\/usr\/bin\/env (-S .+ )?node( |$)/);
  });
});

describe('productOf', () => {
  it('has the operator', () => {
    expect(productOf('operator')).toBe(PRODUCTS.operator);
  });

  it.each(['', 'nothing', 'toString'])('says what there is for "%s"', (name) => {
    expect(() => productOf(name)).toThrow(
      `--product: must be ${Object.keys(PRODUCTS).join(' or ')}, not ${name}`,
    );
  });
});

describe('the settings of the operator', () => {
  it('are the same in the first line of the bundle and in the entry point of the image', () => {
    const [, line = ''] = /^#!\/usr\/bin\/env -S (.+)$/.exec(hashbang()) ?? [];
    const words = line.split(' ');
    const at = words.indexOf('node');
    expect(Object.fromEntries(words.slice(0, at).map((word) => word.split('=')))).toEqual(environment);
    expect(words.slice(at + 1)).toEqual(nodeFlags);
    expect(entrypoint().slice(1, -1)).toEqual(nodeFlags);
  });
});
