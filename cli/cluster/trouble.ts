// SPDX-License-Identifier: Apache-2.0
import {
  describeCall,
  isForbidden,
  isNotFound,
  KubeApiError,
  KubeConnectionError,
} from '../../operator/kube/errors.ts';
import type { ContextFacts } from '../../operator/kube/kubeconfig.ts';
import { type Resource, resourceName } from '../../operator/kube/resources.ts';
import { CommandError } from '../exit-codes.ts';

/** Why a call went wrong, in one sentence: what, where, and what would be right. */
export function describeTrouble(error: unknown, context: ContextFacts): string {
  if (error instanceof CommandError) return error.message;
  if (error instanceof KubeConnectionError) return unreachable(error, context);
  if (error instanceof KubeApiError) return refused(error, context);
  return error instanceof Error ? error.message : String(error);
}

function unreachable(error: KubeConnectionError, { server, name }: ContextFacts): string {
  const why = error.failure === 'timeout' ? 'it does not answer in time' : causeOf(error);
  return `cannot reach the API server ${server} of context "${name}": ${why}`;
}

interface Reason {
  readonly message: string;
  readonly cause?: unknown;
}

/** The innermost reason: what lies around it only says that a connection failed. */
function causeOf(error: Reason): string {
  let found = error;
  while (isReason(found.cause)) found = found.cause;
  return found.message || error.message;
}

function isReason(value: unknown): value is Reason {
  return typeof value === 'object' && value !== null && 'message' in value;
}

function refused(error: KubeApiError, { server, name, user }: ContextFacts): string {
  if (error.status === 401) {
    return `the API server ${server} does not accept the credentials of user "${user}" in context "${name}": they have expired or are wrong; log in again`;
  }
  if (isForbidden(error)) return forbidden(error);
  if (isMissingKind(error)) return missingKind(error.resource, server);
  const call = describeCall(error);
  return `the API server ${server} refused to ${call}: ${error.message} (${error.status})`;
}

function forbidden(error: KubeApiError): string {
  const { resource } = error;
  const call = describeCall(error);
  if (!resource) return `forbidden: ${error.message}`;
  const [verb] = call.split(' ');
  const rule = `{apiGroups: ["${resource.group}"], resources: [${resource.plural}], verbs: [${verb}]}`;
  return `no permission to ${call}: RBAC needs a rule ${rule} (${error.message})`;
}

/** A 404 that names no object says that the API server does not know the kind. */
export function isMissingKind(error: unknown): boolean {
  return isNotFound(error) && error.details?.name === undefined;
}

function missingKind(resource: Resource | undefined, server: string): string {
  const what = resource ? resourceName(resource) : 'what was asked for';
  return `the API server ${server} does not have ${what}: Headway's CRDs are not installed there, or this is another cluster; install them with kubectl apply --server-side -f crds/`;
}
