// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadBinary } from './build.ts';
import { type Load, loadArguments, startLoad } from './load.ts';

const withinMs = 20_000;
const open: { loads: Load[]; servers: Server[] } = { loads: [], servers: [] };

// The first build on a machine compiles Go's standard library.
beforeAll(async () => {
  await loadBinary();
}, 300_000);

afterEach(async () => {
  await Promise.allSettled(open.loads.splice(0).map((load) => load.stop()));
  for (const server of open.servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  open.servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/`;
}

async function load(options: Parameters<typeof startLoad>[0]): Promise<Load> {
  const started = await startLoad(options);
  open.loads.push(started);
  return started;
}

describe('loadArguments', () => {
  it('leaves what is absent to the generator', () => {
    expect(loadArguments({ url: 'http://a/', ratePerSecond: 150 }, 'f')).toEqual([
      '--url=http://a/',
      '--rate=150',
      '--out=f',
    ]);
  });

  it('passes on everything, with units', () => {
    const options = {
      url: 'http://a/',
      ratePerSecond: 1.5,
      host: 'shop.example',
      durationSeconds: 60,
      connections: 'both',
      timeoutMs: 500,
      maxOutstanding: 9,
      progress: true,
    } as const;
    expect(loadArguments(options, 'f').slice(3)).toEqual([
      '--host=shop.example',
      '--duration=60s',
      '--connections=both',
      '--timeout=500ms',
      '--max-outstanding=9',
      '--progress',
    ]);
  });
});

describe('startLoad', () => {
  it('reports each second while it runs and adds up when it is stopped', async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      requests += 1;
      response.setHeader('X-Version', requests % 5 === 0 ? 'v2' : 'v1');
      response.end('hi');
    });
    const run = await load({ url, host: 'shop.example', ratePerSecond: 50, connections: 'both' });
    await run.waitFor(
      'both versions answer',
      (seconds) => seconds.some(({ byVersion }) => byVersion['v2'] !== undefined),
      withinMs,
    );
    const [first] = run.seconds();
    expect(first).toMatchObject({ second: 0, due: 50, sent: 50, lostTotal: 0 });

    const [summary, again] = await Promise.all([run.stop(), run.stop()]);
    expect(again).toEqual(summary);
    expect(await run.summary()).toEqual(summary);
    expect(summary).toMatchObject({ sent: requests, ok: requests, lostTotal: 0, examples: [] });
    expect(Object.keys(summary.byConnections).toSorted()).toEqual(['fresh', 'keepalive']);
  });

  it('ends by itself after its duration, and tells deliberate errors from losses', async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      requests += 1;
      if (requests % 2 === 0) {
        response.writeHead(500, { 'X-Version': 'v2', 'X-Demo-Error': 'deliberate' }).end();
        return;
      }
      response.socket?.destroy();
    });
    const run = await load({ url, ratePerSecond: 40, durationSeconds: 0.5, connections: 'fresh' });
    const summary = await run.summary();
    expect(summary).toMatchObject({
      due: 20,
      sent: 20,
      ok: 0,
      appErrors: { v2: 10 },
      byVersion: { v2: 10 },
      lostTotal: 10,
    });
    expect(summary.examples).toHaveLength(10);
    expect(requests).toBe(20);
  });

  it('says what was waited for when it does not come in time', async () => {
    const url = await serve((_, response) => response.end('hi'));
    const run = await load({ url, ratePerSecond: 10 });
    await expect(run.waitFor('v9 answers', () => false, 200)).rejects.toThrow(
      'v9 answers: not within 200 ms',
    );
  });

  it('stops waiting when the run is over', async () => {
    const url = await serve((_, response) => response.end('hi'));
    const run = await load({ url, ratePerSecond: 10, durationSeconds: 0.1 });
    await expect(run.waitFor('v9 answers', () => false, withinMs)).rejects.toThrow(
      'v9 answers: the load ended before that',
    );
  });

  it('passes on why the generator failed', async () => {
    const run = await load({ url: 'shop', ratePerSecond: 10 });
    await expect(run.summary()).rejects.toThrow(
      'the load generator failed: exit code 2 load: --url must be an http:// address, not "shop"',
    );
  });
});
