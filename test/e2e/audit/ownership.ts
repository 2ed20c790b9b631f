// SPDX-License-Identifier: Apache-2.0
import { Labels, MANAGED_BY } from '../../../operator/api/group.ts';
import type { AuditWrite } from './log.ts';
import type { AuditScope, Moment } from './rules.ts';

/** I6: only what is ours, and of the user's objects the target, the Service and the Canary's own status. */
export function ownObjects(scope: AuditScope, { write }: Moment): string | undefined {
  return isAllowed(scope, write)
    ? undefined
    : `I6: ${write.verb} of ${write.resource}/${write.name}${write.subresource === '' ? '' : `/${write.subresource}`}`;
}

function isAllowed(scope: AuditScope, write: AuditWrite): boolean {
  if (write.namespace !== scope.namespace) return false;
  switch (write.resource) {
    case 'events':
      return write.verb === 'create' || write.verb === 'patch';
    case 'canaries':
      return write.name === scope.canary && write.verb === 'patch';
    case 'deployments':
      return isDeclared(write, scope.names.target) || isOurs(write, `${scope.names.target}-`);
    case 'services':
      return isDeclared(write, scope.names.service) || isOurs(write, scope.names.canaryService);
    case 'ingresses':
      return isOurs(write, scope.names.canaryIngress);
    default:
      return false;
  }
}

/** The user's object is changed, never made or deleted. */
function isDeclared(write: AuditWrite, name: string): boolean {
  return write.name === name && write.verb === 'patch';
}

/** By the marker where the log shows the object, by its name where it does not: a deletion has no body. */
function isOurs(write: AuditWrite, name: string | undefined): boolean {
  if (name === undefined) return false;
  const isNamed = name.endsWith('-') ? write.name.startsWith(name) : write.name === name;
  const isMarked = write.object?.metadata.labels[Labels.managedBy] === MANAGED_BY;
  return isNamed && (write.object === undefined || write.object.kind === 'Scale' || isMarked);
}

/** Namespaces that the operator's whole run may have written to, over all stories. */
export function strayWrites(
  writes: readonly AuditWrite[],
  operator: string,
  isStory: (namespace: string) => boolean,
): string[] {
  const own = operator.split(':')[2] ?? '';
  return writes
    .filter(({ user }) => user === operator)
    .filter(({ namespace, resource }) => {
      const isLease = namespace === own && resource === 'leases';
      return !isLease && !isStory(namespace);
    })
    .map(({ verb, resource, namespace, name }) => `I6: ${verb} of ${resource} ${namespace}/${name}`);
}
