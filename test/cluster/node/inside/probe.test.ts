// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, askAll } from './probe.ts';

let server: Server;
let url = '';
let answers: [status: number, body: string][] = [];
beforeEach(async () => {
  server = createServer((_, response) => {
    const [status, body] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [500, ''];
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe('ask', () => {
  it.each<[number, string, string | undefined, string]>([
    [200, 'ok', undefined, ''],
    [200, '{"Ready": "True"}', '"Ready":\\s*"True"', ''],
    [200, '{"Ready": "False"}', '"True"', 'the answer does not match "True"'],
    [503, 'not yet', undefined, 'HTTP 503'],
  ])('%s %s, expecting %s: "%s"', async (status, body, expect_, problem) => {
    answers = [[status, body]];
    const probe = { name: 'p', url, ...(expect_ === undefined ? {} : { expect: expect_ }) };
    expect(await ask(probe)).toEqual({ name: 'p', healthy: problem === '', problem });
  });

  it('says why nobody answers', async () => {
    const answer = await ask({ name: 'p', url: 'http://127.0.0.1:1/' });
    expect(answer).toMatchObject({ healthy: false, problem: expect.stringContaining('ECONNREFUSED') });
  });

  it('asks a unix socket', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'headway-probe-'));
    const socket = join(dir, 's');
    const listener = createSocketServer();
    await new Promise<void>((resolve) => listener.listen(socket, resolve));
    expect(await ask({ name: 's', socket })).toEqual({ name: 's', healthy: true, problem: '' });
    await new Promise((resolve) => listener.close(resolve));
    expect(await ask({ name: 's', socket })).toMatchObject({ healthy: false });
    rmSync(dir, { recursive: true });
  });
});

describe('askAll', () => {
  it('asks again until all are healthy, and the healthy ones only once', async () => {
    answers = [
      [500, ''],
      [500, ''],
      [200, ''],
    ];
    const good = createServer((_, response) => response.end());
    await new Promise<void>((resolve) => good.listen(0, '127.0.0.1', resolve));
    let asked = 0;
    good.on('request', () => {
      asked += 1;
    });
    const goodUrl = `http://127.0.0.1:${(good.address() as AddressInfo).port}/`;
    const probes = [
      { name: 'slow', url },
      { name: 'quick', url: goodUrl },
    ];
    const result = await askAll(probes, 10_000);
    expect(result.map((one) => one.healthy)).toEqual([true, true]);
    expect(asked).toBe(1);
    await new Promise((resolve) => good.close(resolve));
  });

  it('answers what it has when the time is over', async () => {
    answers = [[503, '']];
    expect(await askAll([{ name: 'p', url }], 0)).toEqual([
      { name: 'p', healthy: false, problem: 'HTTP 503' },
    ]);
  });
});
