// SPDX-License-Identifier: Apache-2.0
import type { WatchEvent } from './objects.ts';

/** etcd refuses objects over 1.5 MB by default; a line this long is no watch event. */
const MAX_LINE_CHARS = 32 * 1024 * 1024;

/**
 * Splits a stream of bytes into watch events, one per line. A last line that was cut off is dropped: its event comes
 * again when the watch resumes. Throws a SyntaxError for a line that is not JSON and a RangeError for one over 32 M
 * characters.
 */
export async function* readWatchEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  let restChars = 0;
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    rest.push(first);
    restChars += first.length;
    if (restChars > MAX_LINE_CHARS)
      throw new RangeError(`a watch line is longer than ${MAX_LINE_CHARS} characters`);
    for (const next of others) {
      const line = rest.join('');
      rest = [next];
      restChars = next.length;
      if (line.trim() !== '') yield parseEvent(line);
    }
  }
}

function parseEvent(line: string): WatchEvent {
  const parsed: unknown = JSON.parse(line);
  const isEvent =
    typeof parsed === 'object' &&
    parsed !== null &&
    'type' in parsed &&
    typeof parsed.type === 'string' &&
    'object' in parsed &&
    typeof parsed.object === 'object' &&
    parsed.object !== null;
  if (!isEvent) throw new SyntaxError(`not a watch event: ${line.slice(0, 100)}`);
  return parsed as WatchEvent;
}
