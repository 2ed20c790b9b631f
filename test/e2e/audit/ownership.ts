// SPDX-License-Identifier: Apache-2.0
import { Labels, MANAGED_BY } from '../../../operator/api/group.ts';
import type { AuditWrite } from './log.ts';
import type { AuditScope, Moment } from './rules.ts';
import type { AuditRoute, AuditState } from './state.ts';

/** I6: only what is ours, and of the user's objects the target, the Service and the Canary's own status. */
export function ownObjects(scope: AuditScope, { write, before }: Moment): string | undefined {
  return isAllowed(scope, write, before)
    ? undefined
    : `I6: ${write.verb} of ${write.resource}/${write.name}${write.subresource === '' ? '' : `/${write.subresource}`}`;
}

type Permission = (scope: AuditScope, write: AuditWrite, before: AuditState) => boolean;

const ALLOWED: Readonly<Record<string, Permission>> = {
  events: (_scope, { verb }) => verb === 'create' || verb === 'patch',
  canaries: isTheRollout,
  bluegreens: isTheRollout,
  pods: (scope, write) => write.verb === 'patch' && write.subresource === '' && isPodOf(scope, write),
  jobs: ({ canary }, { name, verb }) =>
    name.startsWith(`${canary}-`) && (verb === 'create' || verb === 'delete'),
  configmaps: (_scope, write, before) => isCopyFor(before, write),
  secrets: (_scope, write, before) => isCopyFor(before, write),
  deployments: ({ names }, write) => isDeclared(write, names.target) || isOurs(write, `${names.target}-`),
  services: ({ names }, write) => isDeclared(write, names.service) || isOurs(write, names.canaryService),
  ingresses: ({ names }, write) => isRoute(write, names.route),
  httproutes: ({ names }, write) => isRoute(write, names.route),
  traefikservices: ({ names }, write) => isRoute(write, names.route),
  grpcroutes: ({ names: { grpcRoutes = [] } }, write) => grpcRoutes.some((name) => isDeclared(write, name)),
};

/** A Canary or a BlueGreen of the story's name. */
function isTheRollout({ canary }: AuditScope, { name, verb }: AuditWrite): boolean {
  return name === canary && verb === 'patch';
}

function isAllowed(scope: AuditScope, write: AuditWrite, before: AuditState): boolean {
  if (write.namespace !== scope.namespace) return false;
  return ALLOWED[write.resource]?.(scope, write, before) ?? false;
}

function isRoute(write: AuditWrite, route: AuditRoute | undefined): boolean {
  if (route?.resource !== write.resource) return false;
  return route.owned ? isOurs(write, route.name) : isDeclared(write, route.name);
}

/** The user's object is changed, never made or deleted. */
function isDeclared(write: AuditWrite, name: string): boolean {
  return write.name === name && write.verb === 'patch';
}

/** A pod that has gone is not there to be looked at. */
function isPodOf({ canary }: AuditScope, { object }: AuditWrite): boolean {
  return object === undefined || object.metadata.labels[Labels.canary] === canary;
}

/** By the marker where the log shows the object, by its name where it does not: a deletion has no body. */
function isOurs(write: AuditWrite, name: string): boolean {
  const isNamed = name.endsWith('-') ? write.name.startsWith(name) : write.name === name;
  const isMarked = write.object?.metadata.labels[Labels.managedBy] === MANAGED_BY;
  return isNamed && (write.object === undefined || write.object.kind === 'Scale' || isMarked);
}

/** The log keeps no body of it: a copy is made once, for a revision that is there, and has its name. */
function isCopyFor({ deployments }: AuditState, { verb, name }: AuditWrite): boolean {
  const revisions = [...deployments.values()].map(({ revision }) => revision).filter((one) => one !== '');
  return verb === 'create' && revisions.some((revision) => name.endsWith(`-${revision}`));
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
