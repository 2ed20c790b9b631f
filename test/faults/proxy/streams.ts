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
  rest: string;
  held: string[];
  isSilent: boolean;
}

export function createStreams(): Streams {
  const streams = new Set<Stream>();
  const holds = new Set<Match>();

  function isHeld({ call }: Stream): boolean {
    return [...holds].some((match) => matches(match, call));
  }

  function flush(stream: Stream): void {
    if (stream.isSilent || isHeld(stream)) return;
    for (const lines of stream.held.splice(0)) stream.to.write(lines);
  }

  function take(stream: Stream, chunk: string): void {
    const text = stream.rest + chunk;
    const border = text.lastIndexOf('\n') + 1;
    stream.rest = text.slice(border);
    if (border > 0) stream.held.push(text.slice(0, border));
    flush(stream);
  }

  function matching(match: Match): Stream[] {
    return [...streams].filter(({ call }) => matches(match, call));
  }

  return {
    carry(call, from, to) {
      const stream: Stream = { call, from, to, rest: '', held: [], isSilent: false };
      streams.add(stream);
      to.writeHead(from.statusCode ?? 200, from.headers);
      to.flushHeaders();
      from.setEncoding('utf8');
      from.on('data', (chunk: string) => take(stream, chunk));
      from.on('end', () => {
        if (!stream.isSilent) to.end();
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
    inject(match, event) {
      for (const { to } of matching(match)) to.write(`${JSON.stringify(event)}\n`);
    },
    open: (match) => matching(match).length,
  };
}
