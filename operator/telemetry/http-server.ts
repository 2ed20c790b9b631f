// SPDX-License-Identifier: Apache-2.0
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../runtime/log.ts';

/** Where to listen. An empty host means every address of the machine; port 0 means any free port. */
export interface BindAddress {
  readonly host: string;
  readonly port: number;
}

/** Asked for each answer. An empty list means yes; else each line says what is missing. */
interface Health {
  readonly live: () => readonly string[];
  readonly ready: () => readonly string[];
}

export interface TelemetryParts {
  /** Serves /healthz and /readyz; undefined: nobody does. */
  readonly healthAddress: BindAddress | undefined;
  /** Serves /metrics; undefined: nobody does. The same address as for health means one server for all. */
  readonly metricsAddress: BindAddress | undefined;
  readonly health: Health;
  readonly metrics: { render(): Promise<string>; readonly contentType: string };
  readonly log: Log;
}

export interface TelemetryServers {
  /** The ports in use; undefined for what is not served. */
  readonly healthPort: number | undefined;
  readonly metricsPort: number | undefined;
  /** Takes no more requests, ends the connections, and resolves when all is closed. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}
type Route = () => Answer | Promise<Answer>;
type Routes = ReadonlyMap<string, Route>;

/** Nobody who asks for a page of text needs longer. */
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 100;

/** Listens. Rejects with a sentence that names the address when it cannot. */
export async function startTelemetryServers(parts: TelemetryParts): Promise<TelemetryServers> {
  const { healthAddress, metricsAddress, log } = parts;
  const health = healthRoutes(parts.health);
  const metrics = metricsRoutes(parts.metrics);
  if (healthAddress && metricsAddress && sameAddress(healthAddress, metricsAddress)) {
    const one = await listen(healthAddress, new Map([...health, ...metrics]), log);
    return { healthPort: portOf(one), metricsPort: portOf(one), close: () => closeServer(one) };
  }
  const first = healthAddress && (await listen(healthAddress, health, log));
  const second = await listenBeside(first, metricsAddress, metrics, log);
  const open = [first, second].filter((server) => server !== undefined);
  return {
    healthPort: first && portOf(first),
    metricsPort: second && portOf(second),
    close: async () => {
      await Promise.all(open.map(closeServer));
    },
  };
}

async function listenBeside(
  first: Server | undefined,
  address: BindAddress | undefined,
  routes: Routes,
  log: Log,
): Promise<Server | undefined> {
  try {
    return address && (await listen(address, routes, log));
  } catch (error) {
    if (first) await closeServer(first);
    throw error;
  }
}

function healthRoutes({ live, ready }: Health): Routes {
  return new Map<string, Route>([
    ['/healthz', () => probeAnswer(live())],
    ['/readyz', () => probeAnswer(ready())],
  ]);
}

function metricsRoutes(metrics: TelemetryParts['metrics']): Routes {
  const route = async () => ({ status: 200, type: metrics.contentType, body: await metrics.render() });
  return new Map<string, Route>([['/metrics', route]]);
}

function probeAnswer(missing: readonly string[]): Answer {
  if (missing.length === 0) return { status: 200, body: 'ok\n' };
  return { status: 503, body: missing.map((line) => `${line}\n`).join('') };
}

function listen(address: BindAddress, routes: Routes, log: Log): Promise<Server> {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => {
      void serve(request, response, { routes, log });
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`cannot listen on ${addressText(address)}: ${error.message}`)),
    );
    server.listen({ host: address.host || undefined, port: address.port }, () => {
      server.removeAllListeners('error');
      server.on('error', (err) => log.error({ err }, 'the telemetry server failed'));
      resolve(server);
    });
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { routes, log }: { routes: Routes; log: Log },
): Promise<void> {
  try {
    const { status, type = 'text/plain; charset=utf-8', body } = await answerTo(request, routes);
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  } catch (err) {
    log.error({ err, path: request.url }, 'a telemetry request failed');
    response
      .writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
      .end('the answer could not be made\n');
  }
}

function answerTo(request: IncomingMessage, routes: Routes): Answer | Promise<Answer> {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const route = routes.get(path);
  if (!route) return { status: 404, body: `not here; try ${[...routes.keys()].join(', ')}\n` };
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, body: 'only GET and HEAD\n' };
  return route();
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function sameAddress(a: BindAddress, b: BindAddress): boolean {
  return a.host === b.host && a.port === b.port && a.port !== 0;
}

function addressText({ host, port }: BindAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
