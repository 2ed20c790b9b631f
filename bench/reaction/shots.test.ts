// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../watched.ts';
import { startShots } from './shots.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that ends every third request well, every third badly, and breaks every third. */
async function serve(): Promise<{ url: string; hosts: Set<string>; methods: Set<string> }> {
  const hosts = new Set<string>();
  const methods = new Set<string>();
  let count = 0;
  const started = createServer((incoming, response) => {
    hosts.add(incoming.headers.host ?? '');
    methods.add(incoming.method ?? '');
    count += 1;
    if (count % 3 === 0) incoming.socket.destroy();
    else if (count % 3 === 1) response.end('fine');
    else response.writeHead(500, { 'x-demo-error': 'deliberate' }).end('bad');
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const { port } = started.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, hosts, methods };
}

describe('startShots', () => {
  it('keeps its rate and tells how each request ended', async () => {
    const { url, hosts, methods } = await serve();
    const startedMs = Date.now();
    const shots = startShots({ url, host: 'shop.test', ratePerSecond: 100 });
    await until('sixty shots', 10_000, () => shots.ended.length >= 60);
    await shots.stop();
    const seconds = (Date.now() - startedMs) / 1_000;
    const { length } = shots.ended;
    expect(length / seconds).toBeGreaterThan(50);
    expect(length / seconds).toBeLessThanOrEqual(101);
    for (const end of ['good', 'bad', 'lost'] as const) {
      const share = shots.ended.filter((shot) => shot.end === end).length / length;
      expect(share).toBeCloseTo(1 / 3, 1);
    }
    expect([...hosts, ...methods]).toEqual(['shop.test', 'POST']);
    expect(shots.ended.every(({ atMs }) => atMs >= startedMs - 1 && atMs <= Date.now() + 1)).toBe(true);
  });

  it('counts a refused connection as lost, and a plain 503 too', async () => {
    const { url } = await serve();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    const shots = startShots({ url, host: 'shop.test', ratePerSecond: 100 });
    await until('a shot', 10_000, () => shots.ended.length > 0);
    await shots.stop();
    expect(shots.ended.every(({ end }) => end === 'lost')).toBe(true);
  });
});
