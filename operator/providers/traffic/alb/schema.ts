// SPDX-License-Identifier: Apache-2.0
import type { IngressSnapshot } from '../ingress/schema.ts';
import type { RouteTarget } from '../types.ts';

/** What the router for the actions of the AWS Load Balancer Controller works from. */
export interface AlbTarget extends RouteTarget {
  readonly ingressName: string;
  /** Name of the action, without the prefix. */
  readonly action: string;
  /** Prefix of the annotations of the controller, without the slash. */
  readonly annotationPrefix: string;
  /** The user's Ingress; undefined while there is none. */
  readonly ingress: IngressSnapshot | undefined;
}

const ACTION = '/actions.';

/** The annotation that says what the action is. */
export function actionKey({ annotationPrefix, action }: AlbTarget): string {
  return `${annotationPrefix}${ACTION}${action}`;
}

/** The actions that an Ingress has, by name. */
export function actionsOf(
  { annotations }: IngressSnapshot,
  { annotationPrefix }: AlbTarget,
): ReadonlyMap<string, string> {
  const start = annotationPrefix + ACTION;
  const found = Object.entries(annotations).filter(([key]) => key.startsWith(start));
  return new Map(found.map(([key, text]) => [key.slice(start.length), text]));
}
