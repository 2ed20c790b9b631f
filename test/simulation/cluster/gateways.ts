// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import type { ApiServer, Change } from '../api/server.ts';
import type { Random } from '../random.ts';
import { backendsOf } from './http-routes.ts';
import { GATEWAY } from './names.ts';
import { keyOfObject, NAMESPACE } from './objects.ts';

const ACTOR = 'gateway-controller';

/** The controller of a Gateway: some time after a route or a Service has changed it says what it has taken up. */
export class Gateways {
  private readonly server: ApiServer;
  private readonly random: Random;
  private readonly due = new Set<string>();
  /** How long it takes at most, in ms. */
  longestMs = 400;

  constructor(server: ApiServer, random: Random) {
    this.server = server;
    this.random = random;
    server.listeners.push((change) => this.hear(change));
  }

  private hear({ write, key, before, after }: Change): void {
    if (write.resource === resources.httpRoutes && before?.metadata.generation !== after?.metadata.generation)
      this.touch(key);
    if (write.resource !== resources.services || (before && after)) return;
    for (const route of this.server.list(resources.httpRoutes)) this.touch(keyOfObject(route));
  }

  private touch(key: string): void {
    if (this.due.has(key)) return;
    this.due.add(key);
    this.server.timeline.after(this.random.int(5, this.longestMs), () => {
      this.due.delete(key);
      this.server.change(
        { actor: ACTOR, verb: 'update', resource: resources.httpRoutes, subresource: 'status' },
        key,
        (route) => ({ ...route, status: { parents: [this.answerTo(route)] } }),
      );
    });
  }

  private answerTo(route: KubeObject): object {
    const isMissing = (name: string) => !this.server.get(resources.services, `${NAMESPACE}/${name}`);
    const missing = backendsOf(route).find(isMissing);
    const common = { observedGeneration: route.metadata.generation };
    const resolved = missing
      ? { status: 'False', reason: 'BackendNotFound', message: `Service ${missing} not found` }
      : { status: 'True', reason: 'ResolvedRefs', message: '' };
    return {
      parentRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: GATEWAY },
      controllerName: 'example.com/gateway',
      conditions: [
        { type: 'Accepted', status: 'True', reason: 'Accepted', message: '', ...common },
        { type: 'ResolvedRefs', ...resolved, ...common },
      ],
    };
  }
}
