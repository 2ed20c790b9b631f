// SPDX-License-Identifier: Apache-2.0
import { compileCondition } from '../../../operator/engine/analysis/condition.ts';

/** What says that a measurement is good. */
export type Line =
  | { readonly kind: 'line'; readonly fields: LineFields; readonly note?: string }
  | { readonly kind: 'problem'; readonly problem: string };

interface LineFields {
  readonly min?: number;
  readonly max?: number;
  readonly successCondition?: string;
}

/** What an answer without data is asked for. */
const NO_DATA = String.raw`(?:len\(result\)\s*==\s*0|isNaN\(result(?:\[0\])?\)|result\s*==\s*nil)`;
const HAS_DATA = String.raw`(?:len\(result\)\s*(?:>\s*0|!=\s*0|>=\s*1)|(?:!|not\s+)isNaN\(result(?:\[0\])?\)|result\s*!=\s*nil)`;
const NO_DATA_IS_GOOD = new RegExp(
  String.raw`^${NO_DATA}\s*(?:\|\||or)\s*|\s*(?:\|\||or)\s*${NO_DATA}$`,
  'g',
);
const DATA_IS_NEEDED = new RegExp(String.raw`^${HAS_DATA}\s*(?:&&|and)\s*|\s*(?:&&|and)\s*${HAS_DATA}$`, 'g');

const OPPOSITES: Readonly<Record<string, string>> = {
  '>': '<=',
  '>=': '<',
  '<': '>=',
  '<=': '>',
  '==': '!=',
  '!=': '==',
};

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?`;
const SIMPLE = new RegExp(`^result\\s*(>=|<=|>|<|==|!=)\\s*(${NUMBER})$`);
const TURNED = new RegExp(`^(${NUMBER})\\s*(>=|<=|>|<|==|!=)\\s*result$`);
const MIRRORED: Readonly<Record<string, string>> = {
  '>=': '<=',
  '<=': '>=',
  '>': '<',
  '<': '>',
  '==': '==',
  '!=': '!=',
};

/**
 * The conditions of a metric of Argo Rollouts, in which `result[0]` is the number, as a line of ours. What cannot be said
 * here is a problem, and never a line that is always good.
 */
export function lineOf(success: string | undefined, failure: string | undefined): Line {
  const written = success ?? failure;
  if (written === undefined)
    return { kind: 'problem', problem: 'it has no condition that says what is good' };
  const { text, note } = withoutNoData(written.trim());
  const plain = text.replaceAll('result[0]', 'result').trim();
  const simple = comparisonIn(plain);
  if (simple) {
    const operator = success === undefined ? (OPPOSITES[simple.operator] ?? '') : simple.operator;
    return line(fieldsOf(operator, simple.bound), note);
  }
  const odd = oddWord(plain);
  if (odd !== undefined)
    return { kind: 'problem', problem: `its condition has ${odd}, which there is not here` };
  const cel = celOf(success === undefined ? `!(${plain})` : plain);
  const compiled = compileCondition(cel);
  if (compiled.kind === 'invalid') return { kind: 'problem', problem: `its condition ${compiled.problem}` };
  return line({ successCondition: cel }, note);
}

function line(fields: LineFields, note: string | undefined): Line {
  return { kind: 'line', fields, ...(note === undefined ? {} : { note }) };
}

function withoutNoData(text: string): { text: string; note?: string } {
  const good = text.replace(NO_DATA_IS_GOOD, '');
  if (good !== text)
    return { text: good, note: 'an answer without data holds the release here, and is no success' };
  const needed = text.replace(DATA_IS_NEEDED, '');
  return needed === text
    ? { text }
    : { text: needed, note: 'an answer without data holds the release here, and is no failure' };
}

function comparisonIn(text: string): { operator: string; bound: number } | undefined {
  const found = SIMPLE.exec(text);
  if (found) return { operator: found[1] ?? '', bound: Number(found[2]) };
  const turned = TURNED.exec(text);
  return turned ? { operator: MIRRORED[turned[2] ?? ''] ?? '', bound: Number(turned[1]) } : undefined;
}

/** min and max include their bound. */
function fieldsOf(operator: string, bound: number): LineFields {
  if (operator === '>=') return { min: bound };
  if (operator === '<=') return { max: bound };
  return { successCondition: `result ${operator} ${double(bound)}` };
}

function double(number: number): string {
  return Number.isInteger(number) ? `${number}.0` : String(number);
}

/** What is neither the number, nor a number, nor an operator. */
function oddWord(text: string): string | undefined {
  const words = text
    .replaceAll(new RegExp(NUMBER, 'g'), ' ')
    .match(/[A-Za-z_]\w*(?:\.\w+)*\(?|[^\s\w()<>=!&|+*/.-]/g);
  const odd = words?.find((word) => !['result', 'and', 'or', 'not', 'not('].includes(word));
  return odd?.replace('(', '()');
}

/** Words become signs, and whole numbers doubles, for "result" is one. */
function celOf(text: string): string {
  return text
    .replaceAll(/\band\b/g, '&&')
    .replaceAll(/\bor\b/g, '||')
    .replaceAll(/\bnot\s+/g, '!')
    .replaceAll(/(?<![\w.])\d+(?![\w.])/g, (digits) => `${digits}.0`);
}
