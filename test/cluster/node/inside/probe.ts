// SPDX-License-Identifier: Apache-2.0
// A program that runs inside a cluster's network and says which probes succeed:
// node probe.ts WAIT_MS < probes.json > answers.json
import { readFileSync } from 'node:fs';
import { get as getHttp, type IncomingMessage } from 'node:http';
import { type RequestOptions, get as getHttps } from 'node:https';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A question whose good answer is HTTP 200, or for a `socket` that somebody accepts a connection. */
export interface Probe {
  name: string;
  url?: string;
  socket?: string;
  /** The certificate file of the server's authority; without it any certificate will do. */
  authority?: string;
  /** Certificate and key files of the client. */
  client?: { certificate: string; key: string };
  /** A regular expression that the body must match. */
  expect?: string;
}

export interface ProbeAnswer {
  name: string;
  healthy: boolean;
  /** Empty when healthy. */
  problem: string;
}

const attemptMs = 2_000;

/** Asks once; never rejects. */
export async function ask(probe: Probe): Promise<ProbeAnswer> {
  const problem = await (probe.socket === undefined ? askUrl(probe) : askSocket(probe.socket));
  return { name: probe.name, healthy: problem === '', problem };
}

function askSocket(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.setTimeout(attemptMs, () => socket.destroy(new Error('time-out')));
    socket.on('connect', () => {
      socket.destroy();
      resolve('');
    });
    socket.on('error', (error) => resolve(error.message));
  });
}

function askUrl(probe: Probe): Promise<string> {
  const url = new URL(probe.url ?? '');
  return new Promise((resolve) => {
    const options: RequestOptions = { timeout: attemptMs, agent: false };
    const answered = (response: IncomingMessage): void => judge(probe, response, resolve);
    const request =
      url.protocol === 'https:'
        ? getHttps(url, { ...options, ...tlsOptions(probe) }, answered)
        : getHttp(url, options, answered);
    request.on('timeout', () => request.destroy(new Error('time-out')));
    request.on('error', (error) => resolve(error.message === '' ? error.name : error.message));
  });
}

function tlsOptions(probe: Probe): RequestOptions {
  const { authority, client } = probe;
  return {
    ...(authority === undefined ? { rejectUnauthorized: false } : { ca: readFileSync(authority) }),
    ...(client === undefined
      ? {}
      : { cert: readFileSync(client.certificate), key: readFileSync(client.key) }),
  };
}

function judge(probe: Probe, response: IncomingMessage, resolve: (problem: string) => void): void {
  let body = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    body += chunk;
  });
  response.on('error', (error) => resolve(error.message));
  response.on('end', () => {
    if (response.statusCode !== 200) {
      resolve(`HTTP ${response.statusCode}`);
      return;
    }
    const isExpected = probe.expect === undefined || new RegExp(probe.expect).test(body);
    resolve(isExpected ? '' : `the answer does not match ${probe.expect}`);
  });
}

/** Asks until all succeed or the time is over. */
export async function askAll(probes: readonly Probe[], waitMs: number): Promise<ProbeAnswer[]> {
  const deadline = performance.now() + waitMs;
  const healthy = new Map<string, ProbeAnswer>();
  for (;;) {
    const open = probes.filter((probe) => !healthy.has(probe.name));
    const answers = await Promise.all(open.map((probe) => ask(probe)));
    for (const answer of answers.filter((one) => one.healthy)) {
      healthy.set(answer.name, answer);
    }
    const unhealthy = answers.filter((one) => !one.healthy);
    if (unhealthy.length === 0 || performance.now() >= deadline) {
      return [...healthy.values(), ...unhealthy];
    }
    await delay(50);
  }
}

if (import.meta.main) {
  const probes = JSON.parse(readFileSync(0, 'utf8')) as Probe[];
  console.log(JSON.stringify(await askAll(probes, Number(process.argv[2] ?? 0))));
}
