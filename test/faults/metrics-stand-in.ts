// SPDX-License-Identifier: Apache-2.0
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (response: ServerResponse) => void;

type Sample = readonly [value: string, agoSeconds?: number];

function vector(...samples: readonly Sample[]): Answer {
  return (response) => {
    const result = samples.map(([value, ago = 0], index) => ({
      metric: { series: String(index) },
      value: [Date.now() / 1_000 - ago, value],
    }));
    json({ status: 'success', data: { resultType: 'vector', result } })(response);
  };
}

function json(body: object): Answer {
  return (response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(body));
  };
}

function status(code: number, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(code, headers).end('not now');
}

const CHUNK = Buffer.alloc(1 << 20, ' ');

/** Two gigabytes of blanks, as long as somebody reads. */
function endless(response: ServerResponse): void {
  let left = 2_048;
  const more = (): void => {
    while (left > 0) {
      left -= 1;
      if (!response.write(CHUNK)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

export interface Misbehaviour {
  /** As in docs/reliability.md. */
  readonly row: string;
  readonly answer: Answer;
  /** What the status says of it. */
  readonly says: RegExp;
}

/** How a Prometheus can misbehave. */
export const misbehaviours: Readonly<Record<string, Misbehaviour>> = {
  'status 500': { row: 'F48', answer: status(500), says: /HTTP 500/ },
  'status 503': { row: 'F48', answer: status(503), says: /HTTP 503/ },
  'a hang': { row: 'F48', answer: () => undefined, says: /no answer in 3s/ },
  'a reset': { row: 'F47', answer: ({ socket }) => socket?.resetAndDestroy(), says: /connection reset/ },
  NaN: { row: 'F49', answer: vector(['NaN']), says: /the value is NaN/ },
  'plus infinity': { row: 'F50', answer: vector(['+Inf']), says: /the value is \+Inf/ },
  'minus infinity': { row: 'F50', answer: vector(['-Inf']), says: /the value is -Inf/ },
  'an empty answer': { row: 'F51', answer: vector(), says: /empty answer/ },
  'several series': { row: 'F52', answer: vector(['1'], ['2']), says: /2 series where one is expected/ },
  'a stale sample': { row: 'F53', answer: vector(['1', 3_600]), says: /the answer is 1h.* old/ },
  'two gigabytes': { row: 'F48', answer: endless, says: /larger than 1 MiB/ },
  'a redirect': {
    row: 'F48',
    answer: status(302, { location: 'http://169.254.169.254/' }),
    says: /redirects are not followed/,
  },
  'a page of HTML': { row: 'F48', answer: (response) => void response.end('<html>'), says: /not JSON/ },
};

const good = vector(['1']);

/** What looks like a Prometheus, with a base path for each who asks. */
export interface MetricsStandIn {
  address(who: string): string;
  /** From now on. */
  misbehave(who: string, answer: Answer): void;
  behave(who: string): void;
  close(): Promise<void>;
}

/** Starts one that answers 1 to everything and everybody. */
export async function startMetricsStandIn(): Promise<MetricsStandIn> {
  const answers = new Map<string, Answer>();
  const server = createServer(({ url = '' }, response) => {
    const who = url.split('/')[1] ?? '';
    (answers.get(who) ?? good)(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: (who) => `http://127.0.0.1:${port}/${who}`,
    misbehave: (who, answer) => void answers.set(who, answer),
    behave: (who) => void answers.delete(who),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
