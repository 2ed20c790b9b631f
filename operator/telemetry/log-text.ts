// SPDX-License-Identifier: Apache-2.0

const HEAD_FIELDS = new Set(['time', 'level', 'msg', 'err']);

/**
 * A JSON log line as people read it: `10:04:07.123 INFO  message key=value ...`, the stack of an error beneath it. A
 * line that is no JSON object comes back as it is.
 */
export function toTextLine(json: string): string {
  const line = parseLine(json);
  if (!line) return json;
  const { time, level, msg, err } = line;
  const clock = String(time).slice(11, 23);
  const fields = Object.entries(line)
    .filter(([key]) => !HEAD_FIELDS.has(key))
    .map(([key, value]) => ` ${key}=${textOf(value)}`)
    .join('');
  return `${clock} ${String(level).toUpperCase().padEnd(5)} ${typeof msg === 'string' ? msg : ''}${fields}${errorText(err)}\n`;
}

function parseLine(json: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined; // shown as it is
  }
}

function textOf(value: unknown): string {
  const isPlain = typeof value === 'string' && /^[^\s"=]+$/.test(value);
  return isPlain ? value : (JSON.stringify(value) ?? '');
}

function errorText(err: unknown): string {
  if (typeof err !== 'object' || err === null) return err === undefined ? '' : ` err=${textOf(err)}`;
  const { stack, message, cause } = err as { stack?: unknown; message?: unknown; cause?: unknown };
  const own = typeof stack === 'string' ? stack : String(message);
  const because = cause === undefined ? '' : `\ncaused by:${errorText(cause)}`;
  return `\n${own}${because}`.replaceAll('\n', '\n    ');
}
