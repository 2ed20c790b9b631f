// SPDX-License-Identifier: Apache-2.0
// What stands in an object because somebody wrote it, without what the cluster says of it by itself.
import type { KubeObject } from '../../operator/kube/objects.ts';

/** The cluster publishes it into each namespace, some time after the namespace is made. */
const published = 'kube-root-ca.crt';
/** What the controllers of the cluster write as; their status comes when it comes. */
const ofTheCluster = 'kube-controller-manager';
/** Written by the Deployment controller. */
const revisionAnnotation = 'deployment.kubernetes.io/revision';

/**
 * One text for each object, in the order of kind and name: everything but status, resourceVersion and what the
 * controllers of the cluster wrote. Who else wrote to it is part of it, so that no write goes unseen.
 */
export function written(objects: readonly KubeObject[]): string[] {
  return objects
    .filter(({ kind, metadata }) => !(kind === 'ConfigMap' && metadata.name === published))
    .map((object) => textOf(object))
    .toSorted();
}

function textOf({ kind, metadata, status: _status, ...rest }: KubeObject): string {
  const { resourceVersion: _version, managedFields = [], annotations = {}, ...kept } = metadata;
  const { [revisionAnnotation]: _revision, ...others } = annotations;
  const managers = new Set(managedFields.map(({ manager = '' }) => manager));
  managers.delete(ofTheCluster);
  const said = { ...rest, metadata: { ...kept, annotations: others }, managers: [...managers].toSorted() };
  return `${kind} ${metadata.name} ${JSON.stringify(said)}`;
}
