// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Call } from './call.ts';
import { createStreams, type Streams } from './streams.ts';

const call: Call = { verb: 'watch', resource: 'services', subresource: '', namespace: '', name: '' };

/** A watch from an API server by way of the streams to a client. */
interface Watch {
  /** The side of the API server. */
  readonly source: ServerResponse;
  readonly heard: { text: string; atMs: number }[];
  readonly client: IncomingMessage;
}

let streams: Streams;
let servers: Server[] = [];

beforeEach(() => {
  streams = createStreams();
});
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
});

async function serve(handle: (to: ServerResponse) => void): Promise<string> {
  const server = createServer((_, to) => handle(to)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function openWatch(contentType = 'application/json'): Promise<Watch> {
  const source = Promise.withResolvers<ServerResponse>();
  const origin = await serve((to) => {
    to.writeHead(200, { 'content-type': contentType }).flushHeaders();
    source.resolve(to);
  });
  const front = await serve((to) => {
    get(origin, (from) => streams.carry(call, from, to));
  });
  const client = await new Promise<IncomingMessage>((resolve) => get(front, resolve));
  const heard: Watch['heard'] = [];
  client.on('data', (chunk: Buffer) => heard.push({ text: chunk.toString(), atMs: performance.now() }));
  return { source: await source.promise, heard, client };
}

const PATIENCE_MS = 30_000;
/** Longer than anybody here waits. */
const LONG_MS = 10 * PATIENCE_MS;

const textOf = ({ heard }: Watch): string => heard.map(({ text }) => text).join('');

async function untilHeard(watch: Watch, text: string): Promise<void> {
  const startedMs = performance.now();
  while (textOf(watch) !== text) {
    if (performance.now() - startedMs > PATIENCE_MS) throw new Error(`heard ${textOf(watch)}, not ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('delay', () => {
  // A timer may be early by the fraction of a ms that its clock does not show.
  const delayMs = 200;
  const atLeastMs = delayMs - 2;

  it('passes an event on so much later', async () => {
    streams.delay(delayMs);
    const watch = await openWatch();
    const sentMs = performance.now();
    watch.source.write('{"a":1}\n');
    await untilHeard(watch, '{"a":1}\n');
    expect((watch.heard[0]?.atMs ?? 0) - sentMs).toBeGreaterThanOrEqual(atLeastMs);
  });

  it('holds for watches that are open already', async () => {
    const watch = await openWatch();
    watch.source.write('1\n');
    await untilHeard(watch, '1\n');
    streams.delay(delayMs);
    const sentMs = performance.now();
    watch.source.write('2\n');
    await untilHeard(watch, '1\n2\n');
    expect(performance.now() - sentMs).toBeGreaterThanOrEqual(atLeastMs);
  });

  it('ends for what comes after it is taken back', async () => {
    const watch = await openWatch();
    streams.delay(LONG_MS);
    streams.delay(0);
    watch.source.write('1\n');
    await untilHeard(watch, '1\n');
  });

  it('lets no later event pass an earlier one', async () => {
    const watch = await openWatch();
    streams.delay(delayMs);
    const sentMs = performance.now();
    watch.source.write('late\n');
    await new Promise((resolve) => setTimeout(resolve, delayMs / 4));
    streams.delay(0);
    watch.source.write('soon\n');
    await untilHeard(watch, 'late\nsoon\n');
    expect((watch.heard[0]?.atMs ?? 0) - sentMs).toBeGreaterThanOrEqual(atLeastMs);
  });

  it('passes on what is on its way before the end of the watch', async () => {
    streams.delay(delayMs);
    const watch = await openWatch();
    watch.source.end('last\n');
    await once(watch.client, 'end');
    expect(textOf(watch)).toBe('last\n');
  });

  it('forgets what is on its way to a client that has gone', async () => {
    streams.delay(delayMs);
    const watch = await openWatch();
    watch.source.write('lost\n');
    watch.client.destroy();
    await once(watch.source, 'close');
    const next = await openWatch();
    next.source.write('found\n');
    await untilHeard(next, 'found\n');
    expect(streams.open({ verb: 'watch' })).toBe(1);
  });

  it('keeps the bytes of what is no text', async () => {
    streams.delay(delayMs);
    const watch = await openWatch('application/vnd.kubernetes.protobuf;stream=watch');
    const bytes: Buffer[] = [];
    watch.client.on('data', (chunk: Buffer) => bytes.push(chunk));
    const frame = Buffer.from([0, 0, 0, 2, 0x0a, 0xff]);
    watch.source.write(frame);
    watch.source.end();
    await once(watch.client, 'end');
    expect(Buffer.concat(bytes)).toEqual(frame);
  });
});

describe('hold', () => {
  it('keeps back whole events until it is let go, and then gives them in order', async () => {
    const letGo = streams.hold({ resource: 'services' });
    const watch = await openWatch();
    watch.source.write('1\n2');
    watch.source.write('2\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(textOf(watch)).toBe('');
    letGo();
    await untilHeard(watch, '1\n22\n');
  });
});
