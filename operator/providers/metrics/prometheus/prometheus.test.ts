// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHttpPort, type HttpPort } from '../../../kube/http.ts';
import { type ScriptedServer, sendJson, startScriptedServer } from '../../../kube/scripted-server.ts';
import type { MetricsAnswer } from '../types.ts';
import { createPrometheus } from './prometheus.ts';

let server: ScriptedServer;
let http: HttpPort;

beforeEach(async () => {
  server = await startScriptedServer();
  http = createHttpPort();
});

afterEach(async () => {
  await http.close();
  await server.close();
});

function ask(expression = 'up', timeoutMs = 2000, address = server.url): Promise<MetricsAnswer> {
  return createPrometheus(address, http).query(expression, { timeoutMs });
}

function vector(...values: [number, string][]): object {
  const result = values.map((value, i) => ({ metric: { i: String(i) }, value }));
  return { status: 'success', data: { resultType: 'vector', result } };
}

function scalar(value: string): object {
  return { status: 'success', data: { resultType: 'scalar', result: [1000.123, value] } };
}

describe('a question', () => {
  it('is a form, posted below the base address', async () => {
    server.answer((response) => sendJson(response, 200, vector()));
    const query = 'sum(rate(x{a="b&c=d"}[1m])) + 1 # 50%';
    await ask(query, 1500, `${server.url}/prom/`);
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      url: '/prom/api/v1/query',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    });
    expect(Object.fromEntries(new URLSearchParams(server.seen[0]?.body))).toEqual({
      query,
      timeout: '1500ms',
    });
  });
});

describe('an answer', () => {
  it.each<[string, object, [number, number][]]>([
    ['one series', vector([1000.123, '0.5']), [[0.5, 1_000_123]]],
    [
      'two series',
      vector([1000, '1'], [1000, '2']),
      [
        [1, 1_000_000],
        [2, 1_000_000],
      ],
    ],
    ['an empty vector', vector(), []],
    ['NaN', vector([1, 'NaN']), [[Number.NaN, 1000]]],
    ['+Inf', vector([1, '+Inf']), [[Infinity, 1000]]],
    ['-Inf', vector([1, '-Inf']), [[-Infinity, 1000]]],
    ['an exponent', vector([1, '1.5e-07']), [[1.5e-7, 1000]]],
    ['a negative number', vector([1, '-3']), [[-3, 1000]]],
    ['a scalar', scalar('42'), [[42, 1_000_123]]],
  ])('%s', async (_, body, expected) => {
    server.answer((response) => sendJson(response, 200, body));
    const answer = await ask();
    expect('series' in answer && answer.series.map(({ value, atMs }) => [value, atMs])).toEqual(expected);
  });

  it('carries labels and warnings', async () => {
    server.answer((response) =>
      sendJson(response, 200, { ...vector([1, '1']), warnings: ['a', 'b'], infos: ['c'] }),
    );
    expect(await ask()).toEqual({
      series: [{ labels: { i: '0' }, value: 1, atMs: 1000 }],
      warnings: ['a', 'b'],
    });
  });

  it('carries every point of a range', async () => {
    const series = {
      metric: { code: '200' },
      values: [
        [1, '3'],
        [2.5, 'NaN'],
      ],
    };
    const result = [series, { metric: { code: '500' }, values: [] }];
    server.answer((response) =>
      sendJson(response, 200, { status: 'success', data: { resultType: 'matrix', result } }),
    );
    const points = [
      { atMs: 1000, value: 3 },
      { atMs: 2500, value: Number.NaN },
    ];
    expect(await ask()).toEqual({
      series: [{ labels: { code: '200' }, value: Number.NaN, atMs: 2500, points }],
      warnings: [],
    });
  });

  const notOurs = 'the answer is not what /api/v1/query gives: ';
  it.each<[string, unknown, string]>([
    [
      'a matrix with a value that is no number',
      { status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values: [[1, 'x']] }] } },
      `${notOurs}data.result.0.values.0.1: is not a number`,
    ],
    [
      'a string',
      { status: 'success', data: { resultType: 'string', result: [1, 'x'] } },
      `${notOurs}data.resultType: Invalid discriminator value. Expected 'matrix' | 'scalar' | 'vector'`,
    ],
    ['a value that is no number', vector([1, '12abc']), `${notOurs}data.result.0.value.1: is not a number`],
    ['an empty value', vector([1, '']), `${notOurs}data.result.0.value.1: is not a number`],
    [
      'a native histogram',
      { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, histogram: [1, {}] }] } },
      `${notOurs}data.result.0.value: Invalid input: expected tuple, received undefined`,
    ],
    ['null', null, `${notOurs}Invalid input: expected object, received null`],
    [
      'another API',
      { items: [] },
      `${notOurs}status: Invalid discriminator value. Expected 'success' | 'error'`,
    ],
  ])('%s is malformed', async (_, body, detail) => {
    server.answer((response) => sendJson(response, 200, body));
    expect(await ask()).toEqual({ error: { kind: 'malformed', detail } });
  });

  it('that is not JSON is malformed', async () => {
    server.answer((response) => response.end('{"status":"success","data":'));
    expect(await ask()).toEqual({ error: { kind: 'malformed', detail: 'the answer is not JSON' } });
  });
});

describe('a refusal', () => {
  it.each<[number, string, object]>([
    [400, 'bad_data', { kind: 'query', detail: 'bad query: said so' }],
    [422, 'execution', { kind: 'query', detail: 'bad query: said so' }],
    [503, 'timeout', { kind: 'timeout', detail: 'no answer in 2s' }],
    [503, 'canceled', { kind: 'timeout', detail: 'no answer in 2s' }],
    [503, 'unavailable', { kind: 'status', detail: 'HTTP 503: said so' }],
    [500, 'internal', { kind: 'status', detail: 'HTTP 500: said so' }],
  ])('%d %s', async (status, errorType, error) => {
    server.answer((response) => sendJson(response, status, { status: 'error', errorType, error: 'said so' }));
    expect(await ask()).toEqual({ error });
  });

  it.each<[number, string]>([
    [500, 'HTTP 500'],
    [502, 'HTTP 502'],
    [401, 'HTTP 401'],
    [404, 'HTTP 404'],
    [302, 'HTTP 302; redirects are not followed'],
    [308, 'HTTP 308; redirects are not followed'],
  ])('%d in the words of a proxy', async (status, detail) => {
    server.answer((response) => response.writeHead(status, { location: '/elsewhere' }).end('<html>'));
    expect(await ask()).toEqual({ error: { kind: 'status', detail } });
    expect(server.seen).toHaveLength(1);
  });

  it('is not made a success by its status', async () => {
    server.answer((response) => sendJson(response, 500, vector([1, '1'])));
    expect(await ask()).toEqual({ error: { kind: 'status', detail: 'HTTP 500' } });
  });
});

describe('no answer', () => {
  it('in time', async () => {
    server.answer(() => {});
    expect(await ask('up', 100)).toEqual({ error: { kind: 'timeout', detail: 'no answer in 100ms' } });
  });

  it('because it never ends', async () => {
    server.answer((response) => response.writeHead(200).write('{'));
    expect(await ask('up', 100)).toEqual({ error: { kind: 'timeout', detail: 'no answer in 100ms' } });
  });

  it('because the connection was reset', async () => {
    server.answer((response) => response.socket?.resetAndDestroy());
    expect(await ask()).toEqual({ error: { kind: 'connection', detail: 'connection reset' } });
  });

  it('because nobody listens', async () => {
    const { url } = server;
    await server.close();
    expect(await ask('up', 2000, url)).toEqual({
      error: { kind: 'connection', detail: 'connection refused' },
    });
  });

  it('because the address must not be called', async () => {
    const answer = await ask('up', 2000, 'http://169.254.169.254');
    expect(answer).toEqual({ error: { kind: 'connection', detail: 'its address must not be called' } });
  });

  it('that would be too large', async () => {
    server.answer((response) =>
      response.end(JSON.stringify({ ...vector([1, '1']), padding: 'x'.repeat(2_000_000) })),
    );
    expect(await ask()).toEqual({ error: { kind: 'too-large', detail: 'the answer is larger than 1 MiB' } });
  });

  it('because the caller gave up: its reason', async () => {
    server.answer(() => {});
    const controller = new AbortController();
    const asked = createPrometheus(server.url, http).query('up', {
      timeoutMs: 5000,
      signal: controller.signal,
    });
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });

  it.each<[unknown, string]>([
    [new TypeError('odd'), 'connection failed'],
    ['odd', 'connection failed'],
    [Object.assign(new Error('x'), { code: 'ENOTFOUND' }), 'its name is not known'],
    [
      new AggregateError([new Error('a'), Object.assign(new Error('b'), { code: 'EHOSTUNREACH' })]),
      'host unreachable',
    ],
  ])('in whatever way it failed: %s', async (error, detail) => {
    const broken = createPrometheus('http://prometheus', { fetchText: () => Promise.reject(error) });
    expect(await broken.query('up', { timeoutMs: 1 })).toEqual({ error: { kind: 'connection', detail } });
  });
});
