// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Call, type Match, matches } from './call.ts';

/** Watches that pass through the proxy. Each of the functions also holds for watches that begin later. */
export interface Streams {
  /** Passes a watch on to its end. */
  carry(call: Call, from: IncomingMessage, to: ServerResponse): void;
  /** Nothing comes any more on the watches that are open, which stay open; new ones work. */
  silence(match: Match): void;
  /** Keeps back what comes until the answered function is called; then all of it comes, in order. */
  hold(match: Match): () => void;
  /** What comes from now on comes so many ms later, in order: behind what is already on its way. */
  delay(ms: number): void;
  /** Puts an event into the open watches, at a border between two events. */
  inject(match: Match, event: object): void;
  /** How many watches are open. */
  open(match: Match): number;
}

interface Stream {
  readonly call: Call;
  readonly from: IncomingMessage;
  readonly to: ServerResponse;
  /** Bytes after the last border. */
  rest: Buffer;
  readonly held: Held[];
  isSilent: boolean;
  hasEnded: boolean;
}

/** Whole events that are on their way. */
interface Held {
  readonly bytes: Buffer;
  isDue: boolean;
}

const LINE_END = 0x0a;

/** Where the last whole event ends. Only JSON has an end to see; of the rest all that has come goes on together. */
function borderOf({ from }: Stream, bytes: Buffer): number {
  const isJson = (from.headers['content-type'] ?? '').includes('json');
  return isJson ? bytes.lastIndexOf(LINE_END) + 1 : bytes.length;
}

function keep(
  bytes: Buffer,
  stream: Stream,
  { delayMs, flush }: { delayMs: number; flush: (stream: Stream) => void },
): void {
  const one: Held = { bytes, isDue: delayMs === 0 };
  stream.held.push(one);
  if (one.isDue) return;
  setTimeout(() => {
    one.isDue = true;
    flush(stream);
  }, delayMs);
}

/** What is due, up to the first that is not. */
function passOn({ held, to, hasEnded }: Stream): void {
  const waiting = held.findIndex(({ isDue }) => !isDue);
  for (const { bytes } of held.splice(0, waiting < 0 ? held.length : waiting)) to.write(bytes);
  if (hasEnded && held.length === 0) to.end();
}

export function createStreams(): Streams {
  const streams = new Set<Stream>();
  const holds = new Set<Match>();
  let delayMs = 0;

  function isHeld({ call }: Stream): boolean {
    return [...holds].some((match) => matches(match, call));
  }

  function flush(stream: Stream): void {
    if (streams.has(stream) && !stream.isSilent && !isHeld(stream)) passOn(stream);
  }

  function take(stream: Stream, chunk: Buffer): void {
    const bytes = Buffer.concat([stream.rest, chunk]);
    const border = borderOf(stream, bytes);
    stream.rest = bytes.subarray(border);
    if (border > 0) keep(bytes.subarray(0, border), stream, { delayMs, flush });
    flush(stream);
  }

  function matching(match: Match): Stream[] {
    return [...streams].filter(({ call }) => matches(match, call));
  }

  return {
    carry(call, from, to) {
      const rest = Buffer.alloc(0);
      const stream: Stream = { call, from, to, rest, held: [], isSilent: false, hasEnded: false };
      streams.add(stream);
      to.writeHead(from.statusCode ?? 200, from.headers);
      to.flushHeaders();
      from.on('data', (chunk: Buffer) => take(stream, chunk));
      from.on('end', () => {
        stream.hasEnded = true;
        flush(stream); // who is told of the end asks again from the last event that it got
      });
      from.on('error', () => to.destroy()); // a reset on one side is passed on to the other
      to.on('close', () => {
        streams.delete(stream);
        from.destroy();
      });
    },
    silence(match) {
      for (const stream of matching(match)) stream.isSilent = true;
    },
    hold(match) {
      holds.add(match);
      return () => {
        holds.delete(match);
        for (const stream of streams) flush(stream);
      };
    },
    delay(ms) {
      delayMs = ms;
    },
    inject(match, event) {
      for (const { to } of matching(match)) to.write(`${JSON.stringify(event)}\n`);
    },
    open: (match) => matching(match).length,
  };
}
