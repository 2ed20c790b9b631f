// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { HttpQuestion, JudgedPods, TcpQuestion } from '../../engine/analysis/probe-types.ts';
import { type PodAnswer, ProbeError, type ProbeFailure, type ProbePort } from '../../kube/probe-port.ts';
import { askPods } from './ask-pods.ts';
import type { FoundPods } from './types.ts';

const judged: JudgedPods = {
  namespace: 'shop',
  canary: 'web',
  revision: 'new',
  target: { kind: 'canary' },
  port: 8080,
};
const http: HttpQuestion = { kind: 'http', pods: judged, scheme: 'http', path: '/ready', timeoutMs: 1500 };
const tcp: TcpQuestion = { kind: 'tcp', pods: judged, timeoutMs: 1500 };

type Reply = number | PodAnswer | ProbeFailure;

const MESSAGES: Readonly<Record<ProbeFailure, string>> = {
  refused: 'refused the connection',
  broken: 'broke the connection (ECONNRESET)',
  slow: 'did not answer within 1500 ms',
  unreachable: 'cannot be reached from the operator (EHOSTUNREACH)',
  forbidden: '127.0.0.1 is no address of a pod',
};

/** Pods web-1, web-2 ... that reply so, and what they were asked. */
async function asked(question: HttpQuestion | TcpQuestion, ...replies: Reply[]) {
  const calls: object[] = [];
  const replyOf = (address: string): PodAnswer => {
    const reply = replies[Number(address.split('.').at(-1))] ?? 500;
    if (typeof reply === 'string') throw new ProbeError(reply, MESSAGES[reply]);
    return typeof reply === 'number' ? { status: reply, body: '' } : reply;
  };
  const port: ProbePort = {
    get: async (request) => {
      calls.push(request);
      return replyOf(request.address);
    },
    connect: async (socket) => {
      calls.push(socket);
      replyOf(socket.address);
    },
  };
  const pods = replies.map((_, i) => ({ name: `web-${i + 1}`, address: `10.0.0.${i}`, port: 9090 }));
  const found: FoundPods = replies.length > 0 ? { pods: pods.toReversed() } : { none: 'no pod is ready' };
  return { answer: await askPods(question, { findPods: () => found, port }), calls };
}

function good(detail: string) {
  return { outcome: { isGood: true, detail } };
}

function bad(detail: string) {
  return { outcome: { isGood: false, detail } };
}

describe('an http probe', () => {
  const ok: PodAnswer = { status: 200, body: 'all is well' };

  it.each([
    [http, [200], good('GET :8080/ready of pod web-1 answered 200')],
    [http, [200, 302, 399], good('GET :8080/ready of 3 pods answered 200, answered 302, answered 399')],
    [http, [503], bad('GET :8080/ready of pod web-1 answered 503, not 200 to 399')],
    [http, [200, 404, 503], bad('GET :8080/ready of pod web-2 answered 404, not 200 to 399 (2 of 3 pods)')],
    [http, [199], bad('GET :8080/ready of pod web-1 answered 199, not 200 to 399')],
    [{ ...http, status: [204, 503] }, [503], good('GET :8080/ready of pod web-1 answered 503')],
    [
      { ...http, status: [204, 503] },
      [200],
      bad('GET :8080/ready of pod web-1 answered 200, not 204 or 503'),
    ],
    [{ ...http, body: 'is well' }, [ok], good('GET :8080/ready of pod web-1 answered 200')],
    [
      { ...http, body: 'is "fine"' },
      [ok],
      bad('GET :8080/ready of pod web-1 answered 200 without "is \\"fine\\"" in its body'),
    ],
    [http, ['refused'], bad('GET :8080/ready of pod web-1 refused the connection')],
    [
      http,
      ['broken', 200],
      bad('GET :8080/ready of pod web-1 broke the connection (ECONNRESET) (1 of 2 pods)'),
    ],
    [http, ['slow'], bad('GET :8080/ready of pod web-1 did not answer within 1s')],
  ] as const)('%j to pods that reply %j', async (question, replies, answer) => {
    expect((await asked({ ...question, timeoutMs: 1000 }, ...replies)).answer).toEqual(answer);
  });

  it('says no more of a path than a sentence has room for', async () => {
    const { answer } = await asked({ ...http, path: `/${'x'.repeat(100)}` }, 200);
    expect(answer).toEqual(good(`GET :8080/${'x'.repeat(58)}… of pod web-1 answered 200`));
  });

  it('goes to the address and port of the pod, and nowhere else', async () => {
    const { calls } = await asked(http, 200);
    expect(calls).toEqual([
      { address: '10.0.0.0', port: 9090, scheme: 'http', path: '/ready', timeoutMs: 1500, signal: undefined },
    ]);
  });

  it('asks ten pods at most', async () => {
    expect((await asked(http, ...Array.from({ length: 30 }, () => 200))).calls).toHaveLength(10);
  });
});

describe('a tcp probe', () => {
  it.each([
    [[200, 200], good('TCP :8080 of 2 pods accepted a connection')],
    [['refused'], bad('TCP :8080 of pod web-1 refused the connection')],
  ] as const)('to pods that reply %j', async (replies, answer) => {
    expect((await asked(tcp, ...replies)).answer).toEqual(answer);
  });
});

describe('there is no evidence', () => {
  const none = (detail: string) => ({ error: { kind: 'no-pod', detail } });

  it.each([
    ['without a ready pod', [], none('no pod is ready')],
    [
      'where no way leads to a pod',
      [200, 'unreachable'],
      none('pod web-2 cannot be reached from the operator (EHOSTUNREACH)'),
    ],
    ['of what is no pod', ['forbidden'], none('pod web-1 127.0.0.1 is no address of a pod')],
  ] as const)('%s', async (_title, replies, answer) => {
    expect((await asked(http, ...replies)).answer).toEqual(answer);
  });

  it('but where another pod fails there is', async () => {
    expect((await asked(http, 'unreachable', 500)).answer).toMatchObject({ outcome: { isGood: false } });
  });

  it('when the question is called off', async () => {
    const reason = new Error('no longer needed');
    const port = { get: () => Promise.reject(reason), connect: () => Promise.reject(reason) };
    const findPods = () => ({ pods: [{ name: 'web-1', address: '10.0.0.1', port: 1 }] });
    await expect(askPods(http, { findPods, port })).rejects.toBe(reason);
  });
});
