// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type BundledPackage, labelOf } from './packages.ts';

/** Licences that we may ship with a program under Apache-2.0, with words by which each of their texts is known. */
const ALLOWED: Readonly<Record<string, RegExp>> = {
  'Apache-2.0': /Apache License\s+Version 2\.0/,
  'BSD-2-Clause': /Redistribution and use in source and binary forms/,
  'BSD-3-Clause': /Redistribution and use in source and binary forms[^]*endorse or promote products/,
  ISC: /Permission to use, copy, modify, and(?:\/or)? distribute this software/,
  MIT: /Permission is hereby granted, free of charge/,
};

/** Licences of which a package need only name its copyright, because the text is the same for all: it is our own. */
const STANDARD_TEXTS: Readonly<Record<string, string>> = {
  'Apache-2.0': readFileSync(path.resolve(import.meta.dirname, '../../LICENSE'), 'utf8'),
};

/** The licences that an SPDX expression names. With OR all of them count: nobody has chosen one. */
export function licencesIn(expression: string): string[] {
  return expression.split(/[()\s]+|\bAND\b|\bOR\b/).filter((part) => part !== '');
}

/** Why packages may not be shipped, one line each; none when each has an allowed licence and its text. */
export function licenceProblems(packages: readonly BundledPackage[]): string[] {
  return packages.flatMap((bundled) => {
    const label = labelOf(bundled);
    const licences = licencesIn(bundled.license);
    if (licences.length === 0) return [`${label} says no licence in its package.json`];
    return licences.flatMap((licence) => {
      const words = ALLOWED[licence];
      if (words === undefined)
        return [`${label} is under ${licence}; allowed: ${Object.keys(ALLOWED).join(', ')}`];
      return words.test(textOf(bundled)) ? [] : [`${label} is under ${licence} and brings no text of it`];
    });
  });
}

/** All licences in one text, one package after the other. */
export function renderLicences(packages: readonly BundledPackage[]): string {
  const parts = packages.map((bundled) => {
    const title = `${labelOf(bundled)}  (${bundled.license})`;
    return `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${textOf(bundled)}`;
  });
  const intro = `Headway is under the Apache License 2.0. This file comes with a bundle of it that holds parts of
these packages (${packages.length}), each under its own licence:

${packages.map((bundled) => `  ${labelOf(bundled)}  (${bundled.license})`).join('\n')}
`;
  return [intro, ...parts].join('\n');
}

/** The texts of a package; the standard text follows where it has only its copyright lines. */
function textOf({ license, texts }: BundledPackage): string {
  const own = texts.map(({ text }) => text);
  const missing = licencesIn(license).flatMap((licence) => {
    const standard = STANDARD_TEXTS[licence];
    if (standard === undefined || own.some((text) => ALLOWED[licence]?.test(text))) return [];
    return [`${standard.trim()}\n`];
  });
  return [...own, ...missing].join(`\n${'-'.repeat(80)}\n\n`);
}
