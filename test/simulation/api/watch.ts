// SPDX-License-Identifier: Apache-2.0
import type { Selection } from '../../../operator/kube/client.ts';
import { KubeConnectionError } from '../../../operator/kube/errors.ts';
import type { KubeObject, WatchEvent } from '../../../operator/kube/objects.ts';
import type { Resource } from '../../../operator/kube/resources.ts';
import { abortReason } from '../../../operator/runtime/clock.ts';
import type { Process } from '../operator/process.ts';
import type { Faults } from './faults.ts';
import type { ApiServer, Change } from './server.ts';

type Item = WatchEvent | { readonly end: Error | undefined };

const BOOKMARK_MS = 60_000;

export interface WatchParts {
  readonly server: ApiServer;
  readonly faults: Faults;
  readonly process: Process;
  readonly resource: Resource;
  readonly selection: Selection;
}

/**
 * One watch: the events of one kind in their order, each after a delay of its own, so that kinds overtake each other.
 */
export class WatchStream implements AsyncIterableIterator<WatchEvent> {
  private readonly parts: WatchParts;
  /** On their way. */
  private readonly sent: Item[] = [];
  /** Here, and not yet taken. */
  private readonly arrived: Item[] = [];
  private waiting:
    | { resolve: (result: IteratorResult<WatchEvent>) => void; reject: (e: Error) => void }
    | undefined;
  private lastMs = 0;
  private isOver = false;
  private toldTo: number;

  constructor(
    parts: WatchParts,
    from: { resourceVersion: number; timeoutMs: number; signal?: AbortSignal | undefined },
  ) {
    this.parts = parts;
    this.toldTo = from.resourceVersion;
    const { timeline } = parts.server;
    for (const change of parts.server.changes(parts.resource)) {
      if (change.resourceVersion > from.resourceVersion) this.take(change);
    }
    timeline.after(from.timeoutMs, () => this.end(undefined));
    timeline.after(BOOKMARK_MS, () => this.bookmark());
    from.signal?.addEventListener('abort', () => this.abort(from.signal), { once: true });
  }

  get resource(): Resource {
    return this.parts.resource;
  }

  get isClosed(): boolean {
    return this.isOver || !this.parts.process.isAlive;
  }

  /** A change of this kind was stored. */
  take(change: Change): void {
    if (this.isClosed) return;
    this.toldTo = change.resourceVersion;
    const [had, has] = [this.selects(change.before), this.selects(change.after)];
    if (!had && !has) return;
    const type = has ? (had ? 'MODIFIED' : 'ADDED') : 'DELETED';
    const object = (has ? change.after : change.before) as KubeObject;
    const metadata = { ...object.metadata, resourceVersion: String(change.resourceVersion) };
    this.send({ type, object: has ? object : { ...object, metadata } });
  }

  /** The connection breaks. */
  break(): void {
    this.end(new KubeConnectionError('connection', { verb: 'watch', resource: this.resource }, 'reset'));
  }

  next(): Promise<IteratorResult<WatchEvent>> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.hand();
    });
  }

  return(): Promise<IteratorResult<WatchEvent>> {
    this.isOver = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private bookmark(): void {
    if (this.isClosed) return;
    const { kind } = this.resource;
    const metadata = { resourceVersion: String(Math.max(this.toldTo, this.parts.server.resourceVersion)) };
    this.send({ type: 'BOOKMARK', object: { apiVersion: 'v1', kind, metadata } });
    this.parts.server.timeline.after(BOOKMARK_MS, () => this.bookmark());
  }

  private abort(signal: AbortSignal | undefined): void {
    this.isOver = true;
    if (signal) this.waiting?.reject(abortReason(signal));
    this.waiting = undefined;
  }

  private end(error: Error | undefined): void {
    if (!this.isClosed) this.send({ end: error });
  }

  private send(item: Item): void {
    const { faults, server } = this.parts;
    this.sent.push(item);
    this.lastMs = Math.max(this.lastMs, server.timeline.now + faults.lagMs());
    server.timeline.at(this.lastMs, () => this.arrive());
  }

  /** The oldest of those on their way is here, unless the watch hangs. */
  private arrive(): void {
    const { faults, server, process } = this.parts;
    const stalledMs = faults.stalledUntil.get(this.resource.plural) ?? 0;
    if (server.timeline.now < stalledMs) {
      server.timeline.at(stalledMs, () => this.arrive());
      return;
    }
    process.reach(() => {
      const item = this.sent.shift();
      if (item) this.arrived.push(item);
      this.hand();
    });
  }

  private hand(): void {
    const { waiting } = this;
    const item = waiting && !this.isOver ? this.arrived.shift() : undefined;
    if (!waiting || !item) return;
    this.waiting = undefined;
    if (!('end' in item)) {
      waiting.resolve({ done: false, value: item });
      return;
    }
    this.isOver = true;
    if (item.end) waiting.reject(item.end);
    else waiting.resolve({ done: true, value: undefined });
  }

  private selects(object: KubeObject | undefined): boolean {
    return object !== undefined && isSelected(object, this.parts.selection);
  }
}

/** Whether an object is of the namespace and has the labels. */
export function isSelected(object: KubeObject, { namespace, labelSelector }: Selection): boolean {
  if (namespace !== undefined && object.metadata.namespace !== namespace) return false;
  const { labels = {} } = object.metadata;
  return (labelSelector ?? '').split(',').every((term) => {
    const [key = '', value] = term.split('=');
    return key === '' || (value === undefined ? Object.hasOwn(labels, key) : labels[key] === value);
  });
}
