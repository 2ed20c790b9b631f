// SPDX-License-Identifier: Apache-2.0
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, OwnAnswer } from './rules.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What an effect may do. */
export interface Means {
  /** Lets the call reach the API server once. */
  readonly pass: () => Promise<Answer>;
  readonly cut: () => void;
}

type Effect<K extends Fault['kind']> = (
  means: Means,
  fault: Extract<Fault, { kind: K }>,
) => Promise<Answer | undefined>;

const EFFECTS: { readonly [K in Fault['kind']]: Effect<K> } = {
  drop: async () => undefined,
  hang: async () => undefined,
  lose: async ({ pass }) => {
    await pass();
    return undefined;
  },
  twice: async ({ pass }) => {
    await pass();
    return pass();
  },
  truncate: ({ pass }) => pass(),
  replay: ({ pass }) => pass(),
  cutAcked: ({ pass }) => pass(),
  cutBefore: async ({ cut }) => {
    cut();
    return undefined;
  },
  cutLost: async ({ pass, cut }) => {
    await pass();
    cut();
    return undefined;
  },
  answer: async (_, { answer }) => ownAnswer(answer),
  applied: async ({ pass }, { answer }) => {
    await pass();
    return ownAnswer(answer);
  },
  delay: async ({ pass }, { ms }) => {
    const answer = await pass();
    await delay(ms);
    return answer;
  },
};

/** What is answered under a fault; undefined: nothing. */
export function answerUnder<K extends Fault['kind']>(
  fault: Extract<Fault, { kind: K }> & { kind: K },
  means: Means,
): Promise<Answer | undefined> {
  return EFFECTS[fault.kind](means, fault);
}

/** A refusal in the form of the API server. */
export function refusal(status: number, reason: string, message: string): OwnAnswer {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message };
  return { status, body };
}

function ownAnswer({ status, headers = {}, body }: OwnAnswer): Answer {
  const given = body ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status };
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(given)),
  };
}
