// SPDX-License-Identifier: Apache-2.0
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Call, callOf, type Match, matches } from './call.ts';
import { type Answer, answerUnder } from './effects.ts';
import { createRules, type Fault, type Rule } from './rules.ts';
import { createStreams, type Streams } from './streams.ts';
import { openUpstream, type Outgoing, type Upstream } from './upstream.ts';
import { endingAfter } from './watch-seconds.ts';

/** A call that has come in, and what was answered to it. */
export interface Seen {
  readonly call: Call;
  readonly atMs: number;
  /** The HTTP code; absent when nobody answered. */
  status?: number;
}

/**
 * Stands between one client, such as an operator or a router, and the API server: plain HTTP on this side, TLS on the other. Passes everything on but
 * what a rule says otherwise about.
 */
export interface FaultProxy extends Pick<Streams, 'silence' | 'hold' | 'delay' | 'inject' | 'open'> {
  readonly url: string;
  /** The calls that have come in, in order. */
  seen(match: Match): readonly Seen[];
  /** Puts a rule in force; answers the way to take it back. */
  rule(rule: Rule): () => void;
  /** Resets every connection, and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  isCut(): boolean;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** When watches end; by default when their clients say, which is after five to ten minutes with client-go. */
  readonly watchSeconds?: number;
}

/** A proxy for the API server of a kubeconfig, on a port of its own. */
export async function startFaultProxy(kubeconfig: string, options: ProxyOptions = {}): Promise<FaultProxy> {
  const proxy = new ApiProxy(kubeconfig, options);
  await proxy.listen();
  return proxy;
}

class ApiProxy implements FaultProxy {
  private readonly calls: Seen[] = [];
  private readonly upstream: Upstream;
  private readonly rules = createRules();
  private readonly streams = createStreams();
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly firstAnswers = new Map<string, Answer>();
  private readonly watchSeconds: number | undefined;
  private refuses = false;

  readonly rule = this.rules.add;
  readonly silence = this.streams.silence;
  readonly hold = this.streams.hold;
  readonly delay = this.streams.delay;
  readonly inject = this.streams.inject;
  readonly open = this.streams.open;

  constructor(kubeconfig: string, { watchSeconds }: ProxyOptions) {
    this.watchSeconds = watchSeconds;
    this.upstream = openUpstream(kubeconfig);
    this.server = createServer((incoming, outgoing) => {
      this.handle(incoming, outgoing).catch(() => outgoing.destroy()); // no answer from there is no answer here
    });
    this.server.keepAliveTimeout = 120_000;
    this.server.on('connection', (socket) => this.admit(socket));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  seen(match: Match): readonly Seen[] {
    return this.calls.filter(({ call }) => matches(match, call));
  }

  cut(): void {
    this.refuses = true;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  mend(): void {
    this.refuses = false;
  }

  isCut(): boolean {
    return this.refuses;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.cut();
    this.upstream.close();
    await closed;
  }

  private admit(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy()); // whoever resets knows
    if (this.refuses) socket.resetAndDestroy();
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = incoming;
    const call = callOf(method, url);
    const seen: Seen = { call, atMs: Date.now() };
    this.calls.push(seen);
    const request = { method, path: url, headers, body: await buffer(incoming) };
    const fault = this.rules.faultFor(call);
    if (!fault && call.verb === 'watch') return this.carry(call, request, outgoing);
    const means = { pass: () => this.pass(request), cut: () => this.cut() };
    const answer = await (fault ? answerUnder(fault, means) : means.pass());
    if (this.refuses || fault?.kind === 'hang') return;
    if (!answer) return void outgoing.socket?.resetAndDestroy();
    seen.status = answer.status;
    this.give(outgoing, this.remembered(call, url, { answer, fault }), fault);
  }

  private async carry(call: Call, request: Outgoing, outgoing: ServerResponse): Promise<void> {
    const ended = new AbortController();
    outgoing.on('close', () => ended.abort());
    const { watchSeconds } = this;
    const path = watchSeconds === undefined ? request.path : endingAfter(request.path, watchSeconds);
    const from = await this.upstream.send({ ...request, path, signal: ended.signal });
    this.streams.carry(call, from, outgoing);
  }

  private async pass(request: Outgoing): Promise<Answer> {
    const answer = await this.upstream.send(request);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
  }

  private remembered(
    { verb }: Call,
    url: string,
    { answer, fault }: { answer: Answer; fault: Fault | undefined },
  ): Answer {
    const first = this.firstAnswers.get(url);
    if (first && fault?.kind === 'replay') return first;
    if (!first && verb === 'list') this.firstAnswers.set(url, answer);
    return answer;
  }

  private give(outgoing: ServerResponse, { status, headers, body }: Answer, fault: Fault | undefined): void {
    const { 'transfer-encoding': _chunked, connection: _connection, ...kept } = headers;
    outgoing.writeHead(status, { ...kept, 'content-length': body.length });
    if (fault?.kind === 'truncate') {
      outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.socket?.resetAndDestroy());
      return;
    }
    if (fault?.kind !== 'cutAcked') return void outgoing.end(body);
    this.refuses = true; // what follows the answer must not come through
    outgoing.end(body, () => this.cut());
  }
}
