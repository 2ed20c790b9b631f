// SPDX-License-Identifier: Apache-2.0
import { Agent, request } from 'node:http';

/** How one request ended. `bad`: the app's deliberate error. `lost`: no answer of the app. */
export interface Shot {
  /** When it ended, in ms since 1970. */
  atMs: number;
  end: 'good' | 'bad' | 'lost';
}

export interface Shots {
  /** Those that have ended so far. */
  readonly ended: readonly Shot[];
  /** Sends no more, and resolves when every request has ended. */
  stop(): Promise<void>;
}

export interface ShotOptions {
  url: string;
  host: string;
  ratePerSecond: number;
}

const tickMs = 5;
const timeoutMs = 10_000;

/**
 * Sends POST requests at times that follow from the rate alone, over kept connections and without retries, and notes
 * to the millisecond when each ended and how. The load generator of the tests counts by the second; this is about
 * when exactly the first bad answer came.
 */
export function startShots({ url, host, ratePerSecond }: ShotOptions): Shots {
  const agent = new Agent({ keepAlive: true });
  const ended: Shot[] = [];
  const startedMs = performance.now();
  let sent = 0;

  function shoot(): void {
    sent += 1;
    let isOver = false;
    const end = (how: Shot['end']): void => {
      if (isOver) return;
      isOver = true;
      ended.push({ atMs: performance.timeOrigin + performance.now(), end: how });
    };
    const shot = request(url, { method: 'POST', headers: { host }, agent, timeout: timeoutMs });
    shot.on('response', (response) => {
      response.on('error', () => end('lost'));
      response.on('end', () => end(endOf(response.statusCode, response.headers['x-demo-error'])));
      response.resume();
    });
    shot.on('timeout', () => shot.destroy(new Error('timeout')));
    shot.on('error', () => end('lost'));
    shot.end();
  }

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedMs) / 1_000) * ratePerSecond);
    while (sent < due) shoot();
  }, tickMs);
  return {
    ended,
    async stop() {
      clearInterval(timer);
      while (ended.length < sent) await new Promise((resolve) => setTimeout(resolve, tickMs));
      agent.destroy();
    },
  };
}

function endOf(status: number | undefined, demoError: string | string[] | undefined): Shot['end'] {
  if (status === 200) return 'good';
  return demoError === undefined ? 'lost' : 'bad';
}
