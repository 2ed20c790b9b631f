// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import type { ApiServer, Change } from '../api/server.ts';
import type { Random } from '../random.ts';
import { keyOfObject } from './objects.ts';

const ACTOR = 'garbage-collector';

const DEPENDENTS = [
  resources.deployments,
  resources.services,
  resources.ingresses,
  resources.httpRoutes,
  resources.configMaps,
  resources.secrets,
  resources.endpointSlices,
  resources.replicaSets,
];

/** The garbage collector: what an object owned goes some time after it. Pods end with their Deployment. */
export function collectGarbage(server: ApiServer, random: Random): void {
  server.listeners.push(({ key, before, after, write }: Change) => {
    if (!before && after && isOrphan(server, after)) {
      const { resource } = write;
      server.timeline.after(random.int(20, 500), () => {
        if (server.get(resource, key)?.metadata.uid !== after.metadata.uid) return;
        server.delete({ actor: ACTOR, verb: 'delete', resource }, key);
      });
    }
    if (after || !before || write.resource === resources.pods) return;
    const { uid } = before.metadata;
    server.timeline.after(random.int(20, 500), () => {
      for (const resource of DEPENDENTS) {
        for (const object of server.list(resource)) {
          if (!object.metadata.ownerReferences?.some((owner) => owner.uid === uid)) continue;
          server.delete({ actor: ACTOR, verb: 'delete', resource }, keyOfObject(object));
        }
      }
    });
  });
}

/** What is made for a Deployment that is gone by then; its maker could not know. */
function isOrphan(server: ApiServer, { metadata }: KubeObject): boolean {
  const owners = (metadata.ownerReferences ?? []).filter(({ kind }) => kind === 'Deployment');
  const uids = new Set(server.list(resources.deployments).map((deployment) => deployment.metadata.uid));
  return owners.length > 0 && owners.every(({ uid }) => !uids.has(uid));
}
