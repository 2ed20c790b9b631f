// SPDX-License-Identifier: Apache-2.0
// Test support: one resource of an API server in memory, with the faults that a real one shows.
import { decodeApiError } from '../kube/errors.ts';
import type { KubeObject, WatchEvent } from '../kube/objects.ts';
import { abortReason } from './clock.ts';
import type { ListPage, ListWatch, WatchFrom } from './list-watch.ts';

export interface FakeResource {
  readonly source: ListWatch;
  /** Creates or changes an object. */
  put(name: string, data?: Record<string, unknown>): KubeObject;
  remove(name: string): void;
  objects(): KubeObject[];
  /** The next lists are refused with these codes, one each. */
  refuseLists(...statuses: number[]): void;
  refuseWatches(...statuses: number[]): void;
  /** The next so many lists tell what was there before anything was made. */
  answerOld(lists: number): void;
  /** Forgets old changes: watches from before now are refused with 410, by HTTP or in the stream. */
  compact(how: 'http' | 'stream'): void;
  /** Ends all watches: in good order, with a broken connection, or with an ERROR event of a code. */
  endWatches(how: 'close' | 'break' | number): void;
  /** Open watches stay open and hear nothing more; new ones work. */
  silenceWatches(): void;
  /** Sends an event to all watches as it is. */
  send(event: WatchEvent): void;
  bookmark(): void;
  /** Calls made so far. */
  readonly calls: { lists: ListPage[]; watches: WatchFrom[] };
  openWatches(): number;
}

interface Watch {
  readonly pending: (WatchEvent | Error | 'close')[];
  silent: boolean;
  wake: () => void;
}

export function refusal(status: number): Error {
  const body = JSON.stringify({ kind: 'Status', code: status, message: `refused with ${status}` });
  return decodeApiError({ verb: 'list' }, { status, body });
}

class MemoryResource implements FakeResource {
  readonly calls: FakeResource['calls'] = { lists: [], watches: [] };
  readonly source: ListWatch = { list: (page) => this.list(page), watch: (from) => this.watch(from) };
  private readonly stored = new Map<string, KubeObject>();
  private readonly log: { version: number; event: WatchEvent }[] = [];
  private readonly watches = new Set<Watch>();
  private readonly listRefusals: number[] = [];
  private readonly watchRefusals: number[] = [];
  private oldLists = 0;
  private version = 1;
  private compacted = 0;
  private compactedInStream = false;
  private uids = 0;

  put(name: string, data: Record<string, unknown> = {}): KubeObject {
    const before = this.stored.get(name);
    const uid = before?.metadata.uid ?? `uid-${++this.uids}`;
    const metadata = { namespace: 'shop', name, uid, resourceVersion: String(++this.version) };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
    this.stored.set(name, object);
    this.record({ type: before ? 'MODIFIED' : 'ADDED', object });
    return object;
  }

  remove(name: string): void {
    const before = this.stored.get(name);
    if (!before) return;
    this.stored.delete(name);
    const metadata = { ...before.metadata, resourceVersion: String(++this.version) };
    this.record({ type: 'DELETED', object: { ...before, metadata } });
  }

  objects(): KubeObject[] {
    return [...this.stored.values()];
  }

  refuseLists(...statuses: number[]): void {
    this.listRefusals.push(...statuses);
  }

  refuseWatches(...statuses: number[]): void {
    this.watchRefusals.push(...statuses);
  }

  answerOld(lists: number): void {
    this.oldLists = lists;
  }

  compact(how: 'http' | 'stream'): void {
    this.compacted = ++this.version;
    this.compactedInStream = how === 'stream';
    this.log.length = 0;
  }

  endWatches(how: 'close' | 'break' | number): void {
    for (const watch of this.watches) {
      const status = { kind: 'Status', code: how, message: `error ${how}` };
      const error: WatchEvent = { type: 'ERROR', object: status as unknown as KubeObject };
      if (how === 'close') this.push(watch, 'close');
      else this.push(watch, how === 'break' ? new Error('terminated') : error);
    }
  }

  silenceWatches(): void {
    for (const watch of this.watches) watch.silent = true;
  }

  send(event: WatchEvent): void {
    for (const watch of this.watches) this.push(watch, event);
  }

  bookmark(): void {
    this.version += 1;
    const metadata = { resourceVersion: String(this.version) };
    this.send({ type: 'BOOKMARK', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata } });
  }

  openWatches(): number {
    return this.watches.size;
  }

  private record(event: WatchEvent): void {
    this.log.push({ version: this.version, event });
    this.send(event);
  }

  private push(watch: Watch, item: WatchEvent | Error | 'close'): void {
    if (watch.silent) return;
    watch.pending.push(item);
    watch.wake();
  }

  private async list(page: ListPage) {
    this.calls.lists.push(page);
    await Promise.resolve();
    page.signal.throwIfAborted();
    const status = this.listRefusals.shift();
    if (status !== undefined) throw refusal(status);
    if (this.oldLists-- > 0) return { metadata: { resourceVersion: '1' }, items: [] };
    const all = this.objects();
    const start = Number(page.continue ?? 0);
    const end = start + (page.limit ?? all.length);
    const next = end < all.length ? { continue: String(end) } : {};
    return { metadata: { resourceVersion: String(this.version), ...next }, items: all.slice(start, end) };
  }

  private async *watch(from: WatchFrom): AsyncGenerator<WatchEvent> {
    this.calls.watches.push(from);
    await Promise.resolve();
    from.signal.throwIfAborted();
    const status = this.watchRefusals.shift();
    if (status !== undefined) throw refusal(status);
    const since = Number(from.resourceVersion);
    if (since < this.compacted) {
      if (!this.compactedInStream) throw refusal(410);
      yield { type: 'ERROR', object: { kind: 'Status', code: 410 } as unknown as KubeObject };
      return;
    }
    yield* this.stream(from, since);
  }

  private async *stream(from: WatchFrom, since: number): AsyncGenerator<WatchEvent> {
    const missed = this.log.filter(({ version }) => version > since).map(({ event }) => event);
    const watch: Watch = { pending: missed, silent: false, wake: () => undefined };
    this.watches.add(watch);
    const onAbort = () => watch.wake();
    from.signal.addEventListener('abort', onAbort);
    try {
      for (;;) {
        from.signal.throwIfAborted();
        const item = watch.pending.shift();
        if (item === 'close') return;
        if (item instanceof Error) throw item;
        if (item) yield item;
        else await new Promise<void>((resolve) => Object.assign(watch, { wake: resolve }));
      }
    } catch (error) {
      throw from.signal.aborted ? abortReason(from.signal) : error;
    } finally {
      this.watches.delete(watch);
      from.signal.removeEventListener('abort', onAbort);
    }
  }
}

export function createFakeResource(): FakeResource {
  return new MemoryResource();
}
