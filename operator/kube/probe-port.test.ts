// SPDX-License-Identifier: Apache-2.0
import { createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isNoPodAddress } from './address-guard.ts';
import { createProbePort, type PodRequest, ProbeError, type ProbePort } from './probe-port.ts';
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts';

const isAnyAllowed = () => false;

let server: ScriptedServer;
let port: ProbePort;

beforeEach(async () => {
  server = await startScriptedServer();
  port = createProbePort(isAnyAllowed);
});

afterEach(() => server.close());

function request(parts: Partial<PodRequest> = {}): PodRequest {
  const { hostname, port: number } = new URL(server.url);
  return { address: hostname, port: Number(number), scheme: 'http', path: '/', timeoutMs: 2000, ...parts };
}

async function failureOf(asked: Promise<unknown>): Promise<string> {
  const error = await asked.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProbeError);
  return `${(error as ProbeError).failure}: ${(error as ProbeError).message}`;
}

/** A server that does to a connection what it is told. */
async function tcpServer(
  onConnection: Parameters<typeof createTcpServer>[1],
): Promise<Server & { port: number }> {
  const found = createTcpServer(onConnection);
  await new Promise<void>((resolve) => void found.listen(0, '127.0.0.1', resolve));
  const address = found.address();
  return Object.assign(found, { port: typeof address === 'object' && address ? address.port : 0 });
}

describe('get', () => {
  it('asks for path and query, without credentials, over a new connection each time', async () => {
    server.answer((response) => response.writeHead(200).end('ok'));
    for (let count = 0; count < 3; count++) await port.get(request({ path: '//evil.test/a?b=c%20d' }));
    expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(
      Array.from({ length: 3 }, () => 'GET //evil.test/a?b=c%20d'),
    );
    expect(Object.keys(server.seen[0]?.headers ?? {}).toSorted()).toEqual([
      'accept',
      'connection',
      'host',
      'user-agent',
    ]);
    expect(server.connections()).toBe(3);
  });

  it.each([204, 301, 302, 307, 404, 500])(
    'hands a %d to the caller, and goes nowhere else',
    async (status) => {
      server.answer((response) => response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end());
      expect(await port.get(request())).toEqual({ status, body: '' });
      expect(server.seen).toHaveLength(1);
    },
  );

  it('reads 64 KiB of a body that does not end', async () => {
    server.answer((response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect((await port.get(request())).body).toBe('x'.repeat(65_536));
  });

  it('says that a pod is slow, and nothing of where it is', async () => {
    server.answer(() => undefined);
    expect(await failureOf(port.get(request({ timeoutMs: 100 })))).toBe('slow: did not answer within 100 ms');
  });

  it('says so when a body stops half way', async () => {
    server.answer((response) => response.writeHead(200, { 'content-length': '10' }).write('half'));
    expect(await failureOf(port.get(request({ timeoutMs: 100 })))).toBe('slow: did not answer within 100 ms');
  });

  it('ends with the reason of its signal', async () => {
    server.answer(() => undefined);
    const reason = new Error('no longer needed');
    const controller = new AbortController();
    const asked = port.get(request({ signal: controller.signal }));
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });

  it.each([
    [
      'hangs up',
      (socket: { destroy(): void }) => socket.destroy(),
      /^broken: broke the connection \(ECONNRESET\)$/,
    ],
    [
      'speaks no HTTP',
      (socket: { end(text: string): void }) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'),
      /^broken: broke the connection \(HPE_INVALID_CONSTANT\)$/,
    ],
  ])('says that a pod %s', async (_title, answer, said) => {
    const raw = await tcpServer(answer);
    expect(await failureOf(port.get(request({ address: '127.0.0.1', port: raw.port })))).toMatch(said);
    raw.close();
  });

  it('says that a pod speaks no TLS', async () => {
    expect(await failureOf(port.get(request({ scheme: 'https' })))).toMatch(
      /^broken: broke the connection \(/,
    );
  });
});

describe('connect', () => {
  it('is content with a connection, and closes it', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const raw = await tcpServer((socket) => void socket.on('close', () => resolve()).resume());
    await port.connect({ address: '127.0.0.1', port: raw.port, timeoutMs: 1000 });
    await closed;
    raw.close();
  });

  it('tells a refusal', async () => {
    const raw = await tcpServer(() => undefined);
    await new Promise<void>((resolve) => void raw.close(() => resolve()));
    const asked = port.connect({ address: '127.0.0.1', port: raw.port, timeoutMs: 1000 });
    expect(await failureOf(asked)).toBe('refused: refused the connection');
  });

  // TCP knows no broadcast, so that no way leads there; however that shows, it is not the pod's fault.
  it('tells that no way leads to a pod', async () => {
    const asked = port.connect({ address: '255.255.255.255', port: 80, timeoutMs: 200 });
    expect(await failureOf(asked)).toMatch(/^unreachable: cannot be reached from the operator \(/);
  });
});

describe('what is no address of a pod', () => {
  const addresses = [
    'localhost',
    'kubernetes.default.svc',
    '',
    '10.0.0.1:80',
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
  ];

  it.each(addresses)('"%s" is never called', async (address) => {
    const guarded = createProbePort();
    const said = `forbidden: ${address} is no address of a pod`;
    expect(await failureOf(guarded.connect({ address, port: 80, timeoutMs: 1000 }))).toBe(said);
    expect(await failureOf(guarded.get(request({ address })))).toBe(said);
  });

  it.each(['10.1.2.3', '192.168.0.7', '100.64.0.1', 'fd00::17', '2001:db8::1'])(
    '%s may be one',
    (address) => {
      expect(isNoPodAddress(address)).toBe(false);
    },
  );
});
