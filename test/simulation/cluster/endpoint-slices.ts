// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import type { ApiServer, Change } from '../api/server.ts';
import type { Random } from '../random.ts';
import { keyOfObject, NAMESPACE, ownedBy, selectorOf, selects } from './objects.ts';
import { isReady } from './pods.ts';

const ACTOR = 'endpointslice-controller';

export interface EndpointSliceOptions {
  /**
   * What a Service that is made anew finds is its own, and does not go with the old one. Stories of a Canary, where only
   * a release on its way has such a Service, were first told without this and stay what they were.
   */
  readonly isHandedOver: boolean;
}

/** The EndpointSlice controller: one slice for each Service, some time after pods and selectors have changed. */
export class EndpointSlices {
  private readonly server: ApiServer;
  private readonly random: Random;
  private readonly options: EndpointSliceOptions;
  private readonly due = new Set<string>();
  /** How long it takes at most, in ms. */
  longestMs = 200;
  /** The longest that it has ever taken, in ms. */
  slowestMs = 200;

  constructor(server: ApiServer, random: Random, options: EndpointSliceOptions) {
    this.options = options;
    this.server = server;
    this.random = random;
    server.listeners.push((change) => this.hear(change));
  }

  slowDown(ms: number): void {
    this.longestMs = ms;
    this.slowestMs = Math.max(this.slowestMs, ms);
  }

  private hear({ write, key, before, after }: Change): void {
    const { plural } = write.resource;
    if (plural === 'services') this.touch(key);
    if (plural !== 'pods') return;
    for (const service of this.server.list(resources.services)) {
      const isIts = [before, after].some((pod) => selects(selectorOf(service), pod?.metadata.labels ?? {}));
      if (isIts) this.touch(keyOfObject(service));
    }
  }

  private touch(key: string): void {
    if (this.due.has(key)) return;
    this.due.add(key);
    this.server.timeline.after(this.random.int(5, this.longestMs), () => {
      this.due.delete(key);
      const service = this.server.get(resources.services, key);
      if (service) this.sync(service);
    });
  }

  private sync(service: KubeObject): void {
    const selector = selectorOf(service);
    const found = this.server
      .list(resources.pods)
      .filter(({ metadata }) => selects(selector, metadata.labels ?? {}));
    const endpoints = found.map((pod) => ({
      addresses: [pod.metadata.name],
      conditions: { ready: isReady(pod), terminating: pod.metadata.deletionTimestamp !== undefined },
      targetRef: { kind: 'Pod', name: pod.metadata.name },
    }));
    const key = `${keyOfObject(service)}-slice`;
    const write = { actor: ACTOR, resource: resources.endpointSlices };
    if (this.server.get(resources.endpointSlices, key)) {
      this.server.change({ ...write, verb: 'update' }, key, (slice) => ({
        ...slice,
        ...(this.options.isHandedOver ? { metadata: { ...slice.metadata, ...ownedBy(service) } } : {}),
        endpoints,
      }));
      return;
    }
    this.server.create(
      { ...write, verb: 'create' },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          namespace: NAMESPACE,
          name: `${service.metadata.name}-slice`,
          labels: { 'kubernetes.io/service-name': service.metadata.name ?? '' },
          ...ownedBy(service),
        },
        addressType: 'IPv4',
        endpoints,
      },
    );
  }
}
