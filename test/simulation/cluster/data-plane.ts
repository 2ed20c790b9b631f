// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../../operator/kube/objects.ts';
import type { ApiServer, Change } from '../api/server.ts';
import type { Random } from '../random.ts';

/** Where requests go now, as the data plane has it: each pod with its share of all of them, 0 to 1. */
export interface Served {
  readonly shares: ReadonlyMap<string, number>;
  /** Percent that each Service gets; the ratio of its pods is not in it. */
  readonly services: ReadonlyMap<string, number>;
  /** Pods that whoever asks the preview Service finds; absent where there is no such Service. */
  readonly preview?: readonly string[];
  /** Services that get requests and have no pod. */
  readonly nowhere: readonly string[];
}

/** How far the data plane lags behind what is written. */
export interface DataPlaneLag {
  /** Until it hears of an object, at most, in ms; each kind by itself. */
  readonly hearsMs: number;
  /** At least so long between two configurations, in ms. */
  readonly throttleMs: number;
}

/** Which objects lead requests to which Services, in percent. */
export type ReadRoute = (
  objects: ReadonlyMap<string, KubeObject>,
  ready: ReadonlySet<string>,
) => ReadonlyMap<string, number>;

interface News {
  readonly key: string;
  readonly object: KubeObject | undefined;
}

const HEARD: ReadonlySet<string> = new Set([
  'ingresses',
  'httproutes',
  'grpcroutes',
  'endpointslices',
  'traefikservices',
  'virtualservices',
]);

/**
 * What carries the requests: it watches routes and EndpointSlices, each kind with a lag of its own, and takes up a new
 * configuration no more often than its throttle lets it. Requests follow what it has, not what is written.
 */
export class DataPlane {
  served: Served = { shares: new Map(), services: new Map(), nowhere: [] };
  /** Told right before requests go another way. */
  readonly beforeChange: (() => void)[] = [];
  /** Told when requests go another way. */
  readonly listeners: (() => void)[] = [];
  private readonly server: ApiServer;
  private readonly random: Random;
  private readonly lag: DataPlaneLag;
  private readonly readRoute: ReadRoute;
  private readonly previewService: string | undefined;
  /** Services whose pods it knows, where it has to be told of them after the route; undefined: it knows of all. */
  private registered: ReadonlySet<string> | undefined;
  private readonly heard = new Map<string, KubeObject>();
  private readonly lastMs = new Map<string, number>();
  private readonly coming = new Map<string, News[]>();
  private configuredMs = Number.NEGATIVE_INFINITY;
  private isDue = false;
  /** Since when it hears of nothing, in ms. */
  private lostMs: number | undefined;

  constructor(parts: {
    server: ApiServer;
    random: Random;
    lag: DataPlaneLag;
    readRoute: ReadRoute;
    /** Asked by a few, beside what routes say. */
    previewService?: string | undefined;
    /** A Service that a route newly names has no pods for it until the next configuration. */
    isLateWithPods: boolean;
  }) {
    this.server = parts.server;
    this.random = parts.random;
    this.lag = parts.lag;
    this.readRoute = parts.readRoute;
    this.previewService = parts.previewService;
    this.registered = parts.isLateWithPods ? new Set() : undefined;
    this.server.listeners.push((change) => this.hear(change));
  }

  /** After how long at most requests follow a write, in ms. */
  get longestMs(): number {
    const configurations = this.registered ? 2 : 1;
    return this.lag.hearsMs + configurations * this.lag.throttleMs;
  }

  /** The API server is away: nothing is heard of until it is back, and of each kind when its own watch is. */
  lose(): void {
    this.lostMs ??= this.server.timeline.now;
  }

  /** The API server is back, and the watches within so many ms for each that it was away. */
  find(lateFor: (time: { fromMs: number; toMs: number }) => number): void {
    if (this.lostMs === undefined) return;
    const { timeline } = this.server;
    const lateMs = lateFor({ fromMs: this.lostMs, toMs: timeline.now });
    this.lostMs = undefined;
    for (const plural of HEARD) {
      const backMs = Math.max(this.lastMs.get(plural) ?? 0, timeline.now + this.random.next() * lateMs);
      this.lastMs.set(plural, backMs);
      const coming = this.coming.get(plural) ?? [];
      for (const _news of coming) timeline.at(backMs, () => this.take(coming.shift()));
    }
  }

  private hear({ write, key, after }: Change): void {
    const { plural } = write.resource;
    if (!HEARD.has(plural)) return;
    const { now } = this.server.timeline;
    const atMs = Math.max(this.lastMs.get(plural) ?? 0, now + this.random.next() * this.lag.hearsMs);
    this.lastMs.set(plural, atMs);
    const coming = this.coming.get(plural) ?? [];
    this.coming.set(plural, coming);
    coming.push({ key: `${plural} ${key}`, object: after });
    if (this.lostMs !== undefined) return;
    this.server.timeline.at(atMs, () => this.take(coming.shift()));
  }

  /** The news of one kind arrive in their order. */
  private take(news: News | undefined): void {
    if (!news) return;
    if (news.object) this.heard.set(news.key, news.object);
    else this.heard.delete(news.key);
    this.configureSoon();
  }

  private configureSoon(): void {
    if (this.isDue) return;
    this.isDue = true;
    const { now } = this.server.timeline;
    this.server.timeline.at(Math.max(now, this.configuredMs + this.lag.throttleMs), () => this.configure());
  }

  private configure(): void {
    this.isDue = false;
    this.configuredMs = this.server.timeline.now;
    const endpoints = this.endpoints();
    const ready = new Set([...endpoints].filter(([, pods]) => pods.length > 0).map(([service]) => service));
    const shares = new Map<string, number>();
    const nowhere: string[] = [];
    const named = this.readRoute(this.heard, ready);
    const services = new Map([...named].filter(([, percent]) => percent > 0));
    for (const [service, percent] of services) {
      const isKnown = this.registered?.has(service) !== false;
      const pods = isKnown ? (endpoints.get(service) ?? []) : [];
      if (pods.length === 0) nowhere.push(service);
      for (const pod of pods) shares.set(pod, (shares.get(pod) ?? 0) + percent / 100 / pods.length);
    }
    for (const listener of this.beforeChange) listener();
    const preview = this.previewService && endpoints.get(this.previewService);
    this.served = { shares, services, nowhere, ...(preview ? { preview } : {}) };
    this.register(named);
    for (const listener of this.listeners) listener();
  }

  private register(named: ReadonlyMap<string, number>): void {
    const before = this.registered;
    if (!before) return;
    this.registered = new Set(named.keys());
    if ([...named.keys()].some((service) => !before.has(service))) this.configureSoon();
  }

  private endpoints(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const [key, object] of this.heard) {
      if (!key.startsWith('endpointslices ')) continue;
      const service = object.metadata.labels?.['kubernetes.io/service-name'] ?? '';
      const endpoints = object['endpoints'] as {
        conditions: { ready: boolean };
        targetRef: { name: string };
      }[];
      const ready = endpoints
        .filter(({ conditions }) => conditions.ready)
        .map(({ targetRef }) => targetRef.name);
      found.set(service, [...(found.get(service) ?? []), ...ready]);
    }
    return found;
  }
}
