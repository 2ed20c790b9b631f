// SPDX-License-Identifier: Apache-2.0
import { HttpError, type HttpAnswer, type HttpPort, type HttpRequest } from '../../../operator/kube/http.ts';
import { START_MS, type Process } from '../operator/process.ts';
import type { Timeline } from '../timeline.ts';
import { behaviourOf } from './behaviour.ts';
import type { DataPlane } from './data-plane.ts';
import type { Pods } from './pods.ts';

/** What Prometheus does instead of answering as it should. */
export type Trouble = 'refuses' | 'hangs' | 'empty' | 'nan' | 'error';

const SCRAPE_MS = 5000;
const KEPT = 80;
/** What those who try a preview ask, beside what clients ask. */
const PREVIEW_SHARE = 0.2;

interface Scrape {
  readonly atMs: number;
  /** Requests since the beginning by `<revision> <code>`. */
  readonly counts: ReadonlyMap<string, number>;
  /** Revisions that had a pod to scrape. */
  readonly revisions: ReadonlySet<string>;
}

/** Counts the requests that the data plane served, by what each pod's version does with them, and answers queries. */
export class Prometheus {
  trouble: Trouble | undefined;
  requestsPerSecond = 50;
  private readonly timeline: Timeline;
  private readonly pods: Pods;
  private readonly dataPlane: DataPlane;
  private readonly counts = new Map<string, number>();
  private readonly scrapes: Scrape[] = [];
  private countedMs = 0;

  constructor(timeline: Timeline, pods: Pods, dataPlane: DataPlane) {
    this.timeline = timeline;
    this.pods = pods;
    this.dataPlane = dataPlane;
    pods.listeners.push(() => this.count());
    dataPlane.beforeChange.push(() => this.count());
    this.scrape();
  }

  /** The way to it for one life of the operator. */
  portFor(process: Process): Pick<HttpPort, 'fetchText'> {
    return { fetchText: (request) => this.ask(process, request) };
  }

  private ask(process: Process, request: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (this.trouble === 'hangs') {
        this.timeline.after(request.timeoutMs, () =>
          process.reach(() => reject(new HttpError('timeout', 'no answer'))),
        );
        return;
      }
      this.timeline.after(20, () => process.reach(() => this.answer(request, resolve, reject)));
    });
  }

  private answer(request: HttpRequest, resolve: (a: HttpAnswer) => void, reject: (e: Error) => void): void {
    if (this.trouble === 'refuses') {
      reject(new HttpError('connection', 'refused', { cause: { code: 'ECONNREFUSED' } }));
      return;
    }
    if (this.trouble === 'error') {
      resolve({ status: 503, body: 'upstream down' });
      return;
    }
    const query = new URLSearchParams(request.body ?? '').get('query') ?? '';
    const result = this.trouble === 'empty' ? [] : this.evaluate(query);
    resolve({
      status: 200,
      body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }),
    });
  }

  /** The two questions that stories ask: the built-in success rate by revision, and a query of one's own. */
  private evaluate(query: string): object[] {
    const last = this.scrapes.at(-1);
    if (!last) return [];
    const seconds = (START_MS + this.timeline.now) / 1000;
    const own = /^failed_percent\{revision="([^"]*)"\}$/.exec(query);
    if (own) return this.failedPercent(own[1] ?? '', seconds);
    const revisions = (/revision=~"([^"]*)"/.exec(query)?.[1] ?? '').split('|');
    const since = last.atMs - windowMs(query);
    const first = this.scrapes.findLast(({ atMs }) => atMs <= since);
    const scrapedAt = String((START_MS + last.atMs) / 1000);
    return revisions
      .filter((revision) => last.revisions.has(revision))
      .flatMap((revision) => [
        ...['200', '500'].map((code) => ({
          metric: { part: 'requests', revision, code },
          value: [seconds, this.valueOf(last, first, `${revision} ${code}`)],
        })),
        { metric: { part: 'seen', revision }, value: [seconds, scrapedAt] },
        { metric: { part: 'scraped', revision }, value: [seconds, scrapedAt] },
      ]);
  }

  private failedPercent(revision: string, seconds: number): object[] {
    const last = this.scrapes.at(-1);
    const first = this.scrapes.at(-3);
    if (!last?.revisions.has(revision)) return [];
    const bad = increase(last, first, `${revision} 500`);
    const all = bad + increase(last, first, `${revision} 200`);
    if (all < 1) return [];
    const value = this.trouble === 'nan' ? 'NaN' : String((100 * bad) / all);
    return [{ metric: {}, value: [seconds, value] }];
  }

  private valueOf(last: Scrape, first: Scrape | undefined, key: string): string {
    return this.trouble === 'nan' ? 'NaN' : String(increase(last, first, key));
  }

  /** Takes in what was served since the last change. */
  private count(): void {
    const { now } = this.timeline;
    const requests = (this.requestsPerSecond * (now - this.countedMs)) / 1000;
    this.countedMs = now;
    if (requests === 0) return;
    const { shares, preview = [] } = this.dataPlane.served;
    for (const [name, share] of shares) this.serve(name, requests * share);
    for (const name of preview) this.serve(name, (requests * PREVIEW_SHARE) / preview.length);
  }

  private serve(name: string, requests: number): void {
    const pod = this.pods.all.get(name);
    if (!pod) return;
    const { errors } = behaviourOf(pod.tag);
    this.add(`${pod.revision} 500`, requests * errors);
    this.add(`${pod.revision} 200`, requests * (1 - errors));
  }

  private add(key: string, requests: number): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + requests);
  }

  private scrape(): void {
    this.count();
    const serving = [...this.pods.all.values()].filter(({ isServing }) => isServing);
    this.scrapes.push({
      atMs: this.timeline.now,
      counts: new Map(this.counts),
      revisions: new Set(serving.map(({ revision }) => revision)),
    });
    if (this.scrapes.length > KEPT) this.scrapes.shift();
    this.timeline.after(SCRAPE_MS, () => this.scrape());
  }
}

function increase(last: Scrape, first: Scrape | undefined, key: string): number {
  return (last.counts.get(key) ?? 0) - (first?.counts.get(key) ?? 0);
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

function windowMs(query: string): number {
  const [, count = '1', unit = 'm'] = /\[(\d+)([smh])\]/.exec(query) ?? [];
  return Number(count) * (UNIT_MS[unit] ?? 1000);
}
