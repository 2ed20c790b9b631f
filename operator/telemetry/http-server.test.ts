// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Log, silentLog } from '../runtime/log.ts';
import { startTelemetryServers, type TelemetryParts, type TelemetryServers } from './http-server.ts';

const ANY = { host: '127.0.0.1', port: 0 };
const started: TelemetryServers[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((servers) => servers.close()));
});

async function start(parts: Partial<TelemetryParts> = {}): Promise<TelemetryServers> {
  const servers = await startTelemetryServers({
    healthAddress: ANY,
    metricsAddress: ANY,
    health: { live: () => [], ready: () => [] },
    metrics: { render: () => Promise.resolve('a 1\n'), contentType: 'text/plain; version=0.0.4' },
    log: silentLog,
    ...parts,
  });
  started.push(servers);
  return servers;
}

async function get(port: number | undefined, path: string, method = 'GET') {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

const TEXT = 'text/plain; charset=utf-8';

describe('startTelemetryServers', () => {
  it('answers health on one port and metrics on the other', async () => {
    const { healthPort, metricsPort } = await start();
    expect(await get(healthPort, '/healthz')).toEqual({ status: 200, type: TEXT, body: 'ok\n' });
    expect(await get(healthPort, '/readyz?verbose')).toEqual({ status: 200, type: TEXT, body: 'ok\n' });
    expect(await get(metricsPort, '/metrics')).toEqual({
      status: 200,
      type: 'text/plain; version=0.0.4',
      body: 'a 1\n',
    });
    expect(await get(metricsPort, '/healthz')).toMatchObject({
      status: 404,
      body: 'not here; try /metrics\n',
    });
  });

  it('says what is missing, at the moment of the question', async () => {
    const missing = ['cache of services has not synced', 'cache of ingresses has not synced'];
    const { healthPort } = await start({ health: { live: () => ['stuck'], ready: () => missing } });
    expect(await get(healthPort, '/readyz')).toMatchObject({
      status: 503,
      body: 'cache of services has not synced\ncache of ingresses has not synced\n',
    });
    expect(await get(healthPort, '/healthz')).toMatchObject({ status: 503, body: 'stuck\n' });
    missing.length = 0;
    expect(await get(healthPort, '/readyz')).toMatchObject({ status: 200 });
  });

  it('serves all from one port when the addresses are equal', async () => {
    const free = await start();
    const port = free.healthPort ?? 0;
    await free.close();
    started.length = 0;
    const address = { host: '127.0.0.1', port };
    const servers = await start({ healthAddress: address, metricsAddress: { ...address } });
    expect([servers.healthPort, servers.metricsPort]).toEqual([port, port]);
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      expect((await get(port, path)).status).toBe(200);
    }
    expect((await get(port, '/')).body).toBe('not here; try /healthz, /readyz, /metrics\n');
  });

  it.each([
    ['health', { healthAddress: undefined }, 'healthPort', 'metricsPort'],
    ['metrics', { metricsAddress: undefined }, 'metricsPort', 'healthPort'],
  ] as const)('serves no %s where no address is given', async (_, parts, off, on) => {
    const servers = await start(parts);
    expect(servers[off]).toBeUndefined();
    expect(servers[on]).toBeGreaterThan(0);
  });

  it.each([
    ['POST', 405],
    ['DELETE', 405],
    ['HEAD', 200],
  ])('answers %s with %d', async (method, status) => {
    const { healthPort } = await start();
    expect((await get(healthPort, '/healthz', method)).status).toBe(status);
  });

  it('answers 500 and tells the log when a page cannot be made', async () => {
    const lines: unknown[] = [];
    const log: Log = { ...silentLog, error: (fields, message) => void lines.push([fields, message]) };
    const metrics = { render: () => Promise.reject(new Error('no registry')), contentType: 'x' };
    const { metricsPort } = await start({ metrics, log });
    expect(await get(metricsPort, '/metrics')).toMatchObject({
      status: 500,
      body: 'the answer could not be made\n',
    });
    expect(lines).toEqual([
      [{ err: new Error('no registry'), path: '/metrics' }, 'a telemetry request failed'],
    ]);
  });

  it('names the address that is taken, and leaves nothing open', async () => {
    const { healthPort = 0 } = await start();
    const taken = { host: '127.0.0.1', port: healthPort };
    await expect(start({ metricsAddress: taken })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${healthPort}: listen EADDRINUSE`,
    );
  });

  it('closes though a client holds its connection open', async () => {
    const servers = await start();
    const socket = connect({ host: '127.0.0.1', port: servers.healthPort ?? 0 });
    await new Promise((resolve) => socket.once('connect', resolve));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await servers.close();
    await ended;
    started.length = 0;
    await expect(get(servers.healthPort, '/healthz')).rejects.toThrow('fetch failed');
  });
});
