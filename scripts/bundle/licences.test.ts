// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { licenceProblems, licencesIn, renderLicences } from './licences.ts';
import type { BundledPackage } from './packages.ts';

const MIT = 'Copyright (c) somebody\n\nPermission is hereby granted, free of charge, to any person\n';
const BSD = 'Redistribution and use in source and binary forms ...\nto endorse or promote products\n';
const HEADER =
  'Copyright 2026 Somebody, Inc.\n\nLicensed under the Apache License, Version 2.0 (the "License");\n';

function bundled(license: string, ...texts: string[]): BundledPackage {
  return {
    name: '@team/thing',
    version: '1.2.3',
    license,
    integrity: '',
    bytes: 1,
    texts: texts.map((text) => ({ file: 'LICENSE', text })),
    uses: [],
  };
}

describe('licencesIn', () => {
  it.each([
    ['MIT', ['MIT']],
    ['(Apache-2.0 AND BSD-3-Clause)', ['Apache-2.0', 'BSD-3-Clause']],
    ['(MIT OR (GPL-3.0-only AND ISC))', ['MIT', 'GPL-3.0-only', 'ISC']],
    ['ANDROID OR ORACLE', ['ANDROID', 'ORACLE']],
    ['SEE LICENSE IN x', ['SEE', 'LICENSE', 'IN', 'x']],
    ['', []],
  ])('of "%s" are %j', (expression, expected) => {
    expect(licencesIn(expression)).toEqual(expected);
  });
});

describe('licenceProblems', () => {
  it.each<[string, BundledPackage]>([
    ['a text of its own', bundled('MIT', MIT)],
    ['two licences, two texts', bundled('(MIT AND BSD-3-Clause)', MIT, BSD)],
    ['two licences in one text', bundled('(MIT AND BSD-3-Clause)', MIT + BSD)],
    [
      'only its copyright, under a licence of which the text is the same for all',
      bundled('Apache-2.0', HEADER),
    ],
  ])('finds none with %s', (_, one) => {
    expect(licenceProblems([one])).toEqual([]);
  });

  const allowed = 'Apache-2.0, BSD-2-Clause, BSD-3-Clause, ISC, MIT';
  it.each<[string, BundledPackage, string[]]>([
    ['no licence', bundled('', MIT), ['@team/thing@1.2.3 says no licence in its package.json']],
    [
      'another licence',
      bundled('GPL-3.0-only', MIT),
      [`@team/thing@1.2.3 is under GPL-3.0-only; allowed: ${allowed}`],
    ],
    [
      'a choice that nobody made',
      bundled('(MIT OR GPL-3.0-only)', MIT),
      [`@team/thing@1.2.3 is under GPL-3.0-only; allowed: ${allowed}`],
    ],
    ['no text', bundled('MIT'), ['@team/thing@1.2.3 is under MIT and brings no text of it']],
    [
      'the text of another licence',
      bundled('ISC', MIT),
      ['@team/thing@1.2.3 is under ISC and brings no text of it'],
    ],
    [
      'the text of one of two',
      bundled('(Apache-2.0 AND BSD-3-Clause)', HEADER),
      ['@team/thing@1.2.3 is under BSD-3-Clause and brings no text of it'],
    ],
  ])('finds %s', (_, one, problems) => {
    expect(licenceProblems([one])).toEqual(problems);
  });

  it('tells all of them at once', () => {
    expect(licenceProblems([bundled('MIT'), bundled('MIT', MIT), bundled('')])).toHaveLength(2);
  });
});

describe('renderLicences', () => {
  it('has every text word by word, under the name of its package', () => {
    const text = renderLicences([bundled('MIT', MIT)]);
    expect(text).toContain(
      'parts of\nthese packages (1), each under its own licence:\n\n  @team/thing@1.2.3  (MIT)\n',
    );
    expect(text).toContain(`\n@team/thing@1.2.3  (MIT)\n${'='.repeat(80)}\n\n${MIT}`);
  });

  it('adds the standard text where a package has only its copyright', () => {
    const text = renderLicences([bundled('Apache-2.0', HEADER)]);
    expect(text).toContain(HEADER);
    expect(text).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
  });
});
