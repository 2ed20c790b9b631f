// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { WatchEvent } from './objects.ts';
import { readWatchEvents } from './watch-stream.ts';

async function read(chunks: Uint8Array[]): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  async function* stream() {
    yield* chunks;
  }
  for await (const event of readWatchEvents(stream())) events.push(event);
  return events;
}

function event(name: string): object {
  return { type: 'ADDED', object: { metadata: { name } } };
}

describe('readWatchEvents', () => {
  it('gives the same events however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 8 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        async (names, cuts) => {
          const expected = names.map(event);
          const bytes = Buffer.from(expected.map((each) => `${JSON.stringify(each)}\n`).join(''));
          const edges = [
            0,
            ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b),
            bytes.length,
          ];
          const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));

          expect(await read(chunks)).toEqual(expected);
        },
      ),
    );
  });

  it('drops a line that was cut off, and empty lines', async () => {
    const text = `${JSON.stringify(event('a'))}\n\n \n{"type":"ADDED","obj`;

    expect(await read([Buffer.from(text)])).toEqual([event('a')]);
  });

  it.each([
    'nonsense',
    '{"type":1,"object":{}}',
    '{"type":"ADDED"}',
    '{"type":"ADDED","object":null}',
    '[]',
    'null',
  ])('refuses the line %s', async (line) => {
    await expect(read([Buffer.from(`${line}\n`)])).rejects.toThrow(SyntaxError);
  });

  it('refuses a line without end', async () => {
    const chunk = Buffer.alloc(8 * 1024 * 1024, 'x');

    await expect(read([chunk, chunk, chunk, chunk, chunk])).rejects.toThrow(
      'a watch line is longer than 33554432',
    );
  });
});
