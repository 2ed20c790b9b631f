// SPDX-License-Identifier: Apache-2.0

/** What JavaScript's patterns know and RE2, which the API server uses, does not; or means something else there. */
const NOT_RE2: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/, 'look-around'],
  [/\(\?<[A-Za-z]/, 'a named group'],
  [/\\[1-9]|\\k/, 'a back-reference'],
  [/\\u|\\c/, 'a \\u or \\c escape'],
  [/\[\^?\]/, 'an empty class'],
];

/** The greatest count that RE2 repeats. */
const MAX_REPEAT = 1000;

/** Why RE2 refuses a pattern, or undefined. The syntax is that of https://github.com/google/re2/wiki/Syntax. */
export function whyNotRe2(pattern: string): string | undefined {
  const outsideEscapes = pattern.replaceAll('\\\\', '');
  for (const [sign, name] of NOT_RE2) if (sign.test(outsideEscapes)) return name;
  const counts = [...outsideEscapes.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, min, max]) => [min, max]);
  if (counts.some((count) => Number(count ?? 0) > MAX_REPEAT)) return `a repeat over ${MAX_REPEAT}`;
  return undefined;
}
