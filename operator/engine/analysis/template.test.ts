// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { regionsOf } from './promql-regions.ts';
import { quoteAlternatives, quoteLiteral, renderQuery } from './template.ts';

function render(query: string, values: Record<string, string | undefined>): string {
  const rendering = renderQuery(query, new Map(Object.entries(values)));
  return rendering.kind === 'rendered'
    ? rendering.text
    : rendering.problems.map((text) => `! ${text}`).join('\n');
}

const known = { namespace: 'shop', window: '1m', stableRevision: undefined, 'args.limit': '0.5' };

describe('renderQuery', () => {
  it.each<[string, Record<string, string | undefined>, string]>([
    ['up', known, 'up'],
    ['up{ns="{{namespace}}"}', known, 'up{ns="shop"}'],
    ['up{ns="{{ namespace }}"}', known, 'up{ns="shop"}'],
    ['up{ns="a-{{namespace}}-{{args.limit}}"}', known, 'up{ns="a-shop-0.5"}'],
    ['rate(x[{{window}}]) > {{args.limit}}', known, 'rate(x[1m]) > 0.5'],
    ['max_over_time(x[{{window}}:10s])', known, 'max_over_time(x[1m:10s])'],
    ['max_over_time(x[1h:{{window}}])', known, 'max_over_time(x[1h:1m])'],
    ['x offset {{window}}', { window: '1h30m' }, 'x offset 1h30m'],
    ['x > -{{n}}', { n: '2' }, 'x > -2'],
    ['x > {{n}}', { n: '1e-3' }, 'x > 1e-3'],
    ['x # {{whatever}}\n> {{args.limit}}', known, 'x # {{whatever}}\n> 0.5'],
    ['up{a="{{unclosed"}', known, 'up{a="{{unclosed"}'],
    // what a value must not do inside a literal
    ['up{a="{{v}}"}', { v: 'x"} or up{b="' }, 'up{a="x\\"} or up{b=\\""}'],
    ["up{a='{{v}}'}", { v: 'x\'} or up{b="' }, "up{a='x\\'} or up{b=\"'}"],
    ['up{a="{{v}}"}', { v: 'a\\' }, 'up{a="a\\\\"}'],
    ['up{a="{{v}}"}', { v: 'a\nb\tc\rd\u0000e\u007f' }, 'up{a="a\\nb\\tc\\rd\\x00e\\x7f"}'],
    ['up{a="{{v}}"}', { v: '{{namespace}}' }, 'up{a="{{namespace}}"}'],
    ['up{a="{{v}}"}', { v: '$& $1' }, 'up{a="$& $1"}'],
    ['up{a="{{v}}"}', { v: 'naïve 🦊 \ud800' }, 'up{a="naïve 🦊 \ufffd"}'],
    ['up{a=~"{{v}}-.*"}', { v: 'a.b|c"' }, 'up{a=~"a\\\\.b\\\\|c\\"-.*"}'],
    ["up{a!~'{{v}}'}", { v: '(x)*' }, "up{a!~'\\\\(x\\\\)\\\\*'}"],
    ['up{a=~"x",b="{{v}}"}', { v: 'a.b' }, 'up{a=~"x",b="a.b"}'],
    ['up{a="\\\\{{v}}"}', { v: '"' }, 'up{a="\\\\\\""}'],
  ])('fills %j with %j', (query, values, text) => {
    expect(render(query, values)).toBe(text);
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    [
      'up{a="{{nmespace}}"}',
      known,
      '! unknown placeholder {{nmespace}}; known: args.limit, namespace, stableRevision, window',
    ],
    ['up{a="{{}}"}', { b: '' }, '! unknown placeholder {{}}; known: b'],
    ['up{a="{{constructor}}"}', { b: '' }, '! unknown placeholder {{constructor}}; known: b'],
    ['up{a="{{stableRevision}}"}', known, '! {{stableRevision}} has no value here'],
    [
      'up > {{v}}',
      { v: '1 or vector(1)' },
      '! {{v}} stands outside of quotes, where only a number without a sign or a duration is accepted, not "1 or vector(1)"',
    ],
    [
      'up > {{v}}',
      { v: '-1' },
      '! {{v}} stands outside of quotes, where only a number without a sign or a duration is accepted, not "-1"',
    ],
    [
      'up[{{v}}]',
      { v: '' },
      '! {{v}} stands outside of quotes, where only a number without a sign or a duration is accepted, not ""',
    ],
    [
      'up{a=`{{v}}`}',
      { v: 'x' },
      '! {{v}} stands inside backticks, where nothing can be escaped; use "..." instead',
    ],
    [
      'up{a="\\{{v}}"}',
      { v: '"' },
      '! {{v}} stands right after a backslash, which would take its first character',
    ],
    ...['x{{v}}', '{{v}}x', 'x_{{v}}', 'x:{{v}}', '0.{{v}}', '{{v}}.5', '1e-{{v}}', '[{{v}}s]'].map(
      (query): [string, Record<string, string>, string] => [
        query,
        { v: '5' },
        '! {{v}} touches a name, a number or another placeholder; put it apart or into quotes',
      ],
    ),
    ['up{a="b', {}, '! a " is never closed'],
    [
      '{{a}} > {{b}}',
      { a: 'up', b: 'x' },
      '! {{a}} stands outside of quotes, where only a number without a sign or a duration is accepted, not "up"\n' +
        '! {{b}} stands outside of quotes, where only a number without a sign or a duration is accepted, not "x"',
    ],
  ])('refuses %j with %j', (query, values, text) => {
    expect(render(query, values)).toBe(text);
  });

  it('names both placeholders that stand together', () => {
    const problem = 'touches a name, a number or another placeholder; put it apart or into quotes';
    expect(render('x > {{a}}{{b}}', { a: '1', b: '2' })).toBe(`! {{a}} ${problem}\n! {{b}} ${problem}`);
  });
});

describe('literals', () => {
  it('quotes values and alternatives', () => {
    expect(quoteLiteral('a"b\\c')).toBe('"a\\"b\\\\c"');
    expect(quoteAlternatives(['a.b', 'c'])).toBe('"a\\\\.b|c"');
  });
});

/** What Prometheus makes of a quoted literal: strutil.Unquote, for the escapes that we write. */
function unquoted(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\(x[0-9a-f]{2}|.)/g, (_, escape: string) =>
      escape.startsWith('x') && escape.length === 3
        ? String.fromCharCode(Number.parseInt(escape.slice(1), 16))
        : ({ n: '\n', r: '\r', t: '\t' }[escape] ?? escape),
    );
}

/** Literals as one token each, code by its words and signs. */
function tokensOf(query: string): string[] {
  return regionsOf(query).flatMap(({ kind, text }) => {
    if (kind !== 'code') return [kind];
    return (text.match(/[A-Za-z0-9_.:]+|[^\sA-Za-z0-9_.:]/g) ?? []).map((token) =>
      /^[0-9.]/.test(token) ? 'number or duration' : token,
    );
  });
}

describe('injection', () => {
  const nasty = fc.string({
    unit: fc.constantFrom(
      ...'ab1.0em"\'`\\{}[]()=~!|,#\n\r\t $-+*^?'.split(''),
      '{{',
      '}}',
      ' or ',
      'é',
      '\u0000',
      '\ud800',
    ),
    maxLength: 24,
  });
  const value = fc.oneof(
    nasty,
    fc.string({ unit: 'binary' }),
    fc.constantFrom('5', '1.5', '1m', '1h30m', '2e3'),
  );
  const templates = [
    'sum(rate(x{a="{{v}}",b=~"p-{{v}}-.*",c=\'{{v}}\'}[{{w}}])) > {{w}} # {{v}}',
    'x{a!~\'{{v}}|{{w}}\'} offset {{w}} and y{b="\\n{{v}}\\\\{{w}}"}',
    'max_over_time(x{a="{{v}}"}[{{w}}:{{w}}]) / {{v}}',
  ];

  it('no value changes the tokens of the query', () => {
    fc.assert(
      fc.property(fc.constantFrom(...templates), value, value, (template, v, w) => {
        const rendering = renderQuery(
          template,
          new Map([
            ['v', v],
            ['w', w],
          ]),
        );
        if (rendering.kind === 'invalid') {
          const refused = /^\{\{[vw]\}\} stands outside of quotes, where only a number/;
          expect(rendering.problems.every((problem) => refused.test(problem))).toBe(true);
          return;
        }
        const plain = template.replaceAll('{{v}}', '5').replaceAll('{{w}}', '5');
        expect(tokensOf(rendering.text)).toEqual(tokensOf(plain));
      }),
      { numRuns: 2000 },
    );
  });

  it('a literal reads back as exactly the value', () => {
    fc.assert(
      fc.property(nasty, fc.constantFrom('"', "'"), (v, quote) => {
        const text = render(`${quote}<{{v}}>${quote}`, { v });
        expect(unquoted(text)).toBe(`<${v.toWellFormed()}>`);
      }),
      { numRuns: 1000 },
    );
  });

  it('a regular expression matches the value and nothing that only looks like it', () => {
    fc.assert(
      fc.property(nasty, nasty, (v, other) => {
        const [, literal] = regionsOf(render('x{a=~"{{v}}"}', { v }));
        const pattern = new RegExp(`^(?:${unquoted(literal?.text ?? '')})$`, 'su');
        expect(pattern.test(v.toWellFormed())).toBe(true);
        expect(pattern.test(other.toWellFormed())).toBe(other.toWellFormed() === v.toWellFormed());
      }),
      { numRuns: 1000 },
    );
  });
});
