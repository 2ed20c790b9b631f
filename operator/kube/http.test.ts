// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { guardedLookup, isRefusedAddress } from './address-guard.ts';
import { createHttpPort, HttpError, type HttpPort, type HttpRequest } from './http.ts';
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts';

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

function request(parts: Partial<HttpRequest>): HttpRequest {
  return { url: server.url, method: 'GET', timeoutMs: 2000, maxBytes: 1000, ...parts };
}

async function failureOf(parts: Partial<HttpRequest>): Promise<HttpError> {
  const error = await http.fetchText(request(parts)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HttpError);
  return error as HttpError;
}

describe('fetchText', () => {
  it('sends method, headers and body', async () => {
    server.answer((response) => response.writeHead(201).end('grüß'));

    const answer = await http.fetchText(
      request({
        url: `${server.url}/api?q=a%2Bb`,
        method: 'POST',
        headers: { 'x-scope': 'team' },
        body: 'query=up',
      }),
    );

    expect(answer).toEqual({ status: 201, body: 'grüß' });
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      url: '/api?q=a%2Bb',
      body: 'query=up',
      headers: { 'x-scope': 'team' },
    });
  });

  it.each([302, 307, 404, 500])('hands a %d to the caller', async (status) => {
    server.answer((response) => response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('x'));

    expect(await http.fetchText(request({}))).toEqual({ status, body: 'x' });
    expect(server.seen).toHaveLength(1);
  });

  it('reuses its connection', async () => {
    for (let count = 0; count < 50; count++) await http.fetchText(request({}));

    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('takes a body of exactly the limit and refuses one byte more', async () => {
    server.answer((response, { url }) => response.end('x'.repeat(url === '/fits' ? 1000 : 1001)));

    expect((await http.fetchText(request({ url: `${server.url}/fits` }))).body).toHaveLength(1000);
    expect(await failureOf({})).toMatchObject({
      failure: 'too-large',
      message: `${server.url}: the answer is longer than 1000 bytes`,
    });
  });

  it('stops reading an endless answer', async () => {
    server.answer((response) => {
      const timer = setInterval(() => response.write('x'.repeat(400)), 1);
      response.on('close', () => clearInterval(timer));
    });

    expect((await failureOf({})).failure).toBe('too-large');
  });

  it.each([
    ['no headers', () => undefined],
    ['no end of the body', (response: { write(text: string): unknown }) => void response.write('x')],
  ])('times out: %s', async (_, answer) => {
    server.answer(answer);

    const error = await failureOf({ timeoutMs: 80 });

    expect(error).toMatchObject({ failure: 'timeout', message: `${server.url}: no answer within 80 ms` });
  });

  it('reports a server that is not there, without path or query', async () => {
    await server.close();

    const error = await failureOf({ url: `${server.url}/secret?token=abc` });

    expect(error.failure).toBe('connection');
    expect(error.message).toContain(server.url);
    expect(error.message).not.toMatch(/secret|abc/);
  });

  it('throws the reason of the caller’s signal', async () => {
    server.answer(() => undefined);
    const controller = new AbortController();
    const reason = new Error('stop');
    setTimeout(() => controller.abort(reason), 30);

    await expect(http.fetchText(request({ signal: controller.signal }))).rejects.toBe(reason);
  });

  it.each([
    ['file:///etc/passwd', 'file://: only http and https are called'],
    ['http://user:pw@prometheus:9090/', 'http://prometheus:9090: a URL must carry no user or password'],
    ['http://169.254.169.254/latest', 'http://169.254.169.254: 169.254.169.254 is a link-local address'],
    ['http://[fe80::1]:80/', 'http://[fe80::1]: [fe80::1] is a link-local address'],
    [
      'http://[::ffff:169.254.169.254]/',
      'http://[::ffff:a9fe:a9fe]: [::ffff:a9fe:a9fe] is a link-local address',
    ],
    ['nonsense', 'not a URL'],
  ])('refuses %s', async (url, message) => {
    expect(await failureOf({ url })).toMatchObject({ failure: 'refused', message });
  });
});

describe('isRefusedAddress', () => {
  it.each([
    ['169.254.0.1', true],
    ['169.254.169.254', true],
    ['fd00:ec2::254', true],
    ['fe80::1', true],
    ['::ffff:169.254.169.254', true],
    ['10.0.0.1', false],
    ['127.0.0.1', false],
    ['fd00::1', false],
    ['prometheus', false],
  ])('%s: %s', (address, expected) => {
    expect(isRefusedAddress(address)).toBe(expected);
  });
});

describe('guardedLookup', () => {
  function look(host: string, all: boolean): Promise<unknown> {
    return new Promise((resolve, reject) => {
      guardedLookup(host, { all }, (error, address) => (error ? reject(error) : resolve(address)));
    });
  }

  it.each([true, false])('refuses a name that resolves to a link-local address (all: %s)', async (all) => {
    await expect(look('169.254.1.1', all)).rejects.toThrow('169.254.1.1 is a link-local address');
  });

  it('answers in the form that was asked for', async () => {
    expect(await look('127.0.0.1', false)).toBe('127.0.0.1');
    expect(await look('127.0.0.1', true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
  });
});
