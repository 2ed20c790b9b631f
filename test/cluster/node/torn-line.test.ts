// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dropTornLine } from './torn-line.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headway-torn-'));
  path = join(folder, 'audit.log');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('dropTornLine', () => {
  it.each([
    ['nothing', '', ''],
    ['whole lines', '{"a":1}\n{"b":2}\n', '{"a":1}\n{"b":2}\n'],
    ['a torn line behind whole ones', '{"a":1}\n{"b":2}\n{"c":', '{"a":1}\n{"b":2}\n'],
    ['nothing but a torn line', '{"a":', ''],
    ['a torn line longer than what is read at once', `{"a":1}\n${'x'.repeat(200_000)}`, '{"a":1}\n'],
    ['long whole lines', `${'x'.repeat(200_000)}\n`, `${'x'.repeat(200_000)}\n`],
  ])('of %s leaves the whole lines', (_what, before, after) => {
    writeFileSync(path, before);
    dropTornLine(path);
    expect(readFileSync(path, 'utf8')).toBe(after);
  });

  it('lets the next one begin a line of its own', () => {
    writeFileSync(path, '{"a":1}\n{"b":');
    dropTornLine(path);
    appendFileSync(path, '{"c":3}\n');
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"c":3}\n');
  });

  it('makes no file where there is none', () => {
    dropTornLine(path);
    expect(existsSync(path)).toBe(false);
  });
});
