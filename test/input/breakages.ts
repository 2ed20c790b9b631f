// SPDX-License-Identifier: Apache-2.0
import type { StructuralSchema } from '../../operator/crd/structural.ts';
import { fullValue, isText, validText } from './values.ts';

export type Path = readonly (string | number)[];

/** One small wrong in a value that is right otherwise. */
export interface Breakage {
  /** Where, from `spec` on. */
  readonly path: Path;
  /** What is wrong, in words. */
  readonly wrong: string;
  /** What stands there instead; undefined: the field is left out. */
  readonly value: unknown;
  /** What a refusal must say of the limit. */
  readonly limit?: string;
}

const HUGE_CHARS = 1_000_000;

/** Every small wrong that the schema forbids, for this value and for all that is in it. */
export function breakagesOf(schema: StructuralSchema, value: unknown, path: Path = []): readonly Breakage[] {
  return [...ofType(schema, path), ...ofBounds(schema, value, path), ...inside(schema, value, path)];
}

function ofType({ type = '' }: StructuralSchema, path: Path): Breakage[] {
  const others: Record<string, unknown> = { string: 'x', integer: 7, boolean: true, array: [], object: {} };
  const wrongs = Object.entries(others).filter(([other]) => other !== type && !isNarrower(other, type));
  const fractions = type === 'integer' ? [{ path, wrong: 'a fraction for an integer', value: 5.5 }] : [];
  return [
    ...wrongs.map(([other, value]) => ({ path, wrong: `a ${other} for a ${type}`, value })),
    ...fractions,
  ];
}

function isNarrower(other: string, type: string): boolean {
  return other === 'integer' && type === 'number';
}

function ofBounds(schema: StructuralSchema, value: unknown, path: Path): Breakage[] {
  if (schema.enum)
    return [
      { path, wrong: 'a value that is not on the list', value: 'Unheard', limit: String(schema.enum[0]) },
    ];
  if (typeof value === 'number') return ofNumber(schema, path);
  if (typeof value === 'string') return ofText(schema, path);
  if (Array.isArray(value)) return ofList(schema, value, path);
  return ofMap(schema, path);
}

function ofNumber({ minimum, maximum, exclusiveMinimum }: StructuralSchema, path: Path): Breakage[] {
  const below = minimum === undefined ? [] : [exclusiveMinimum ? minimum : minimum - 1, -farFrom(minimum)];
  const above = maximum === undefined ? [] : [maximum + 1, farFrom(maximum)];
  return [
    ...below.map((value) => ({ path, wrong: `${value}, too low`, value, limit: String(minimum) })),
    ...above.map((value) => ({ path, wrong: `${value}, too high`, value, limit: String(maximum) })),
  ];
}

/** Beside a whole number the API server says the whole part of a bound only. */
function farFrom(bound: number): number {
  return Number.isInteger(bound) ? 1e15 : 1e15 + 0.5;
}

function ofText(schema: StructuralSchema, path: Path): Breakage[] {
  const { minLength = 0, maxLength } = schema;
  const odd = ['', ' ', 'ünïcode', 'a b', '-', '\u0000', '💥', '../x', 'UPPER', '"} or vector(1)'].filter(
    (text) => !isText(schema, text) && text.length >= minLength && text.length <= (maxLength ?? Infinity),
  );
  const sample = validText(schema);
  return [
    ...(minLength > 0 ? [{ path, wrong: 'an empty text', value: '' }] : []),
    ...odd.map((value) => ({ path, wrong: `the text ${JSON.stringify(value)}`, value })),
    ...(maxLength === undefined
      ? []
      : [maxLength + 1, HUGE_CHARS].map((length) => ({
          path,
          wrong: `a text of ${length} characters`,
          value: sample.padEnd(length, sample.at(-1)),
          limit: String(maxLength),
        }))),
  ];
}

function ofList(
  { minItems = 0, maxItems }: StructuralSchema,
  value: readonly unknown[],
  path: Path,
): Breakage[] {
  return [
    ...(minItems > 0 ? [{ path, wrong: 'an empty list', value: [], limit: String(minItems) }] : []),
    ...(maxItems === undefined
      ? []
      : [
          {
            path,
            wrong: `${maxItems + 1} items`,
            value: Array.from({ length: maxItems + 1 }, () => value[0]),
            limit: String(maxItems),
          },
        ]),
  ];
}

function ofMap({ maxProperties, additionalProperties }: StructuralSchema, path: Path): Breakage[] {
  if (maxProperties === undefined || !additionalProperties) return [];
  const held = fullValue(additionalProperties);
  const value = Object.fromEntries(
    Array.from({ length: maxProperties + 1 }, (_, index) => [`key${index}`, held]),
  );
  return [{ path, wrong: `${maxProperties + 1} keys`, value, limit: String(maxProperties) }];
}

function inside(schema: StructuralSchema, value: unknown, path: Path): Breakage[] {
  if (Array.isArray(value)) return [...breakagesOf(schema.items ?? {}, value[0], [...path, 0])];
  if (typeof value !== 'object' || value === null) return [];
  const { properties = {}, required = [], additionalProperties } = schema;
  return Object.entries(value).flatMap(([name, held]) => {
    const field = [...path, name];
    const missing = required.includes(name) ? absent(field) : [];
    const own = properties[name] ?? additionalProperties;
    return own ? [...missing, ...breakagesOf(own, held, field)] : missing;
  });
}

function absent(path: Path): Breakage[] {
  return [
    { path, wrong: 'left out', value: undefined },
    { path, wrong: 'null', value: null },
  ];
}

/** The value with the wrong in its place; the value itself stays as it is. */
export function breakAt(value: unknown, path: Path, wrong: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return wrong;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (index === step ? breakAt(item, rest, wrong) : item));
  }
  const held = value as Record<string, unknown>;
  const broken = breakAt(held[step], rest, wrong);
  const others = Object.entries(held).filter(([name]) => name !== step);
  return Object.fromEntries(broken === undefined ? others : [...others, [step, broken]]);
}

/** As the API server writes a field: `spec.steps[0].setWeight`. */
export function fieldOf(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}.${step}`),
    'spec',
  );
}
