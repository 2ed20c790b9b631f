// SPDX-License-Identifier: Apache-2.0

const SECRET_KEY =
  /authorization|password|passwd|secret|token|cookie|credential|private-?_?key|client-?_?key/i;

/** Names that point at a secret and hold none, such as secretName or tokenFile. */
const POINTER_KEY = /(name|file|path|ref)$/i;

const SECRET_TEXT = [
  { pattern: /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, replacement: '$1 ***' },
  { pattern: /\/\/[^\s/@:]*:[^\s/@]+@/g, replacement: '//***@' },
  {
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    replacement: '***',
  },
];

const MASK = '***';
const MAX_DEPTH = 6;
const MAX_ITEMS = 50;
const MAX_TEXT = 4096;

/** What of a text may leave the process: credentials in it become ***, and it ends after 4,096 characters. */
export function redactText(text: string): string {
  const clean = SECRET_TEXT.reduce(
    (rest, { pattern, replacement }) => rest.replace(pattern, replacement),
    text,
  );
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}... (${clean.length} characters)` : clean;
}

/** The fields of a log line with every value under a secret's name masked, bounded in depth, width and length. */
export function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactObject(fields, 0);
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'object' && value !== null) return redactStructure(value, depth);
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'function') return '[function]';
  return typeof value === 'bigint' || typeof value === 'symbol' ? String(value) : value;
}

function redactStructure(value: object, depth: number): unknown {
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? '[...]' : '{...}';
  if (Array.isArray(value)) return redactArray(value, depth);
  return redactObject(value instanceof Map ? Object.fromEntries(value) : value, depth);
}

function redactArray(items: readonly unknown[], depth: number): unknown[] {
  const shown = items.slice(0, MAX_ITEMS).map((item) => redactValue(item, depth + 1));
  return items.length > MAX_ITEMS ? [...shown, `... (${items.length} items)`] : shown;
}

function redactObject(object: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(object).slice(0, MAX_ITEMS);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isSecret(key, value) ? MASK : redactValue(value, depth + 1)]),
  );
}

function isSecret(key: string, value: unknown): boolean {
  return value !== undefined && value !== null && SECRET_KEY.test(key) && !POINTER_KEY.test(key);
}

/** Facts about an error that a reader needs beside its sentence; nothing else of an error is logged. */
const ERROR_FACTS = ['code', 'status', 'reason', 'verb', 'failure', 'retryAfterMs', 'afterMs'] as const;

function describeError(error: Error, depth: number): Record<string, unknown> {
  const facts = ERROR_FACTS.flatMap((name) => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [];
  });
  return {
    type: error.name,
    message: redactText(error.message),
    ...Object.fromEntries(facts),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause !== undefined && depth < MAX_DEPTH ? { cause: redactValue(error.cause, depth + 1) } : {}),
  };
}
