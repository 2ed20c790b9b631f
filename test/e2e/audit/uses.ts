// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { AuditLine } from './log.ts';
import { pluralOf, type Right, rightKey } from './rights.ts';

/** A request of whatever kind that the API server has begun to answer, a watch that goes on included. */
export interface AuditRequest extends Right {
  readonly user: string;
  /** '' for what is in no namespace, and for all namespaces at once. */
  readonly namespace: string;
  readonly code: number;
  /** Why it was refused; '' where it was not. */
  readonly message: string;
  /** What was made names these as owners that cannot go before it. */
  readonly blockedOwners: readonly { readonly group: string; readonly kind: string }[];
}

/** A right that was asked for. */
export interface Use extends Right {
  readonly namespace: string;
  /** It was never given. */
  readonly isRefused: boolean;
}

const Owned = z.looseObject({
  ownerReferences: z
    .array(
      z.looseObject({
        apiVersion: z.string(),
        kind: z.string(),
        blockOwnerDeletion: z.boolean().default(false),
      }),
    )
    .default([]),
});

/** The request of an entry of the log, be it that which says that a watch has begun or that which says that it is over. */
export function requestOf(entry: AuditLine): AuditRequest {
  const { user, verb, objectRef, requestURI, responseStatus, responseObject } = entry;
  const { code, message } = responseStatus;
  const [path = ''] = requestURI.split('?');
  const { apiGroup = '', resource = path, subresource = '', namespace = '' } = objectRef ?? {};
  return {
    user: user.username,
    group: apiGroup,
    resource: subresource === '' ? resource : `${resource}/${subresource}`,
    verb,
    namespace,
    code,
    message: code < 400 ? '' : message,
    blockedOwners: code === 201 ? blockedOwnersOf(responseObject?.metadata) : [],
  };
}

function blockedOwnersOf(metadata: unknown): AuditRequest['blockedOwners'] {
  const owners = Owned.safeParse(metadata).data?.ownerReferences ?? [];
  return owners
    .filter(({ blockOwnerDeletion }) => blockOwnerDeletion)
    .map(({ apiVersion, kind }) => {
      const [group, version] = apiVersion.split('/');
      return { group: version === undefined ? '' : (group ?? ''), kind };
    });
}

/** Each right that the requests asked for, once for each namespace. */
export function used(requests: readonly AuditRequest[]): Use[] {
  const uses = new Map<string, Use>();
  for (const use of requests.flatMap(usesOf)) {
    const key = `${use.namespace} ${rightKey(use)}`;
    const isRefused = use.isRefused && (uses.get(key)?.isRefused ?? true);
    uses.set(key, { ...use, isRefused });
  }
  return [...uses.values()];
}

/**
 * What a request needs: what it says, and two rights that its verb does not show. A patch of what is not there makes it by
 * server-side apply, for which the API server asks for `create` beside `patch` (withAuthorization in
 * k8s.io/apiserver/pkg/endpoints/handlers/update.go): it has answered 201 then, or refused in those words. And who
 * makes an object that blocks the deletion of its owner needs `update` on the owner's finalizers where the admission
 * OwnerReferencesPermissionEnforcement is on (plugin/pkg/admission/gc in k8s.io/kubernetes).
 */
function usesOf({ group, resource, verb, namespace, code, message, blockedOwners }: AuditRequest): Use[] {
  const isRefused = code === 403;
  const lacksCreate = verb === 'patch' && isRefused && message.includes('cannot create resource');
  const isCreating = verb === 'patch' && (code === 201 || lacksCreate);
  return [
    { group, resource, verb, namespace, isRefused: isRefused && !lacksCreate },
    ...(isCreating ? [{ group, resource, verb: 'create', namespace, isRefused }] : []),
    ...blockedOwners.map((owner) => ({
      group: owner.group,
      resource: `${pluralOf(owner.group, owner.kind)}/finalizers`,
      verb: 'update',
      namespace,
      isRefused: false,
    })),
  ];
}
