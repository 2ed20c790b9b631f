// SPDX-License-Identifier: Apache-2.0
import { Reasons } from '../../api/reasons.ts';
import { apiVersionOf, type Resource } from '../../kube/resources.ts';
import type { RouteProblem } from './types.ts';

/** The CRD of a kind is missing, or older than the version that is read; `project` is whose it is. */
export function notServed(resource: Resource, project: string): RouteProblem {
  const message = `the API server does not serve ${resource.kind} (${apiVersionOf(resource)}); install the CRDs of ${project}, they are taken up within a minute`;
  return { reason: Reasons.RouteKindNotServed, message };
}

/** An object that the Canary names is not there; `what` as `HTTPRoute web`. */
export function notFound(what: string, namespace: string, isDeleting: boolean): RouteProblem {
  const message = `${what} ${isDeleting ? 'is being deleted' : 'does not exist'} in namespace ${namespace}`;
  return { reason: Reasons.RouteNotFound, message };
}
