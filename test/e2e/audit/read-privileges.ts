// SPDX-License-Identifier: Apache-2.0
import { writeVerbs } from '../../cluster/node/config/audit-policy.ts';
import { RBAC_KINDS } from './grants.ts';
import { AuditLine, readLines, type StoredObject } from './log.ts';
import { type AuditRequest, requestOf } from './uses.ts';

/** What a log says of rights. */
export interface PrivilegeLog {
  /** Of the users that were asked for. */
  readonly requests: readonly AuditRequest[];
  /** Every role and binding as it was stored last, those that are gone included. */
  readonly objects: readonly StoredObject[];
}

const RBAC = '"apiGroup":"rbac.authorization.k8s.io"';

/** Reads what users asked for, and which rights there were, from a moment on, in ms since 1970. */
export async function readPrivileges(
  path: string,
  { users, sinceMs }: { users: readonly string[]; sinceMs: number },
): Promise<PrivilegeLog> {
  const named = users.map((user) => `"username":"${user}"`);
  const requests: AuditRequest[] = [];
  const objects = new Map<string, StoredObject>();
  const isWanted = (line: string): boolean => [RBAC, ...named].some((text) => line.includes(text));
  for await (const line of readLines(path, isWanted)) {
    const entry = AuditLine.parse(JSON.parse(line));
    if (Date.parse(entry.stageTimestamp) < sinceMs) continue;
    const request = requestOf(entry);
    if (users.includes(request.user)) requests.push(request);
    const object = rbacObjectOf(entry);
    if (object) objects.set(`${object.kind} ${object.metadata['namespace']}/${object.metadata.name}`, object);
  }
  return { requests, objects: [...objects.values()] };
}

/** The role or binding that a write has stored; nothing where it was refused, tried or deleted. */
function rbacObjectOf(entry: AuditLine): StoredObject | undefined {
  const { verb, requestURI, responseStatus, responseObject } = entry;
  if (!responseObject || responseStatus.code >= 300 || requestURI.includes('dryRun=')) return undefined;
  const isStored = writeVerbs.some((known) => known === verb) && !verb.startsWith('delete');
  return isStored && RBAC_KINDS.some((kind) => kind === responseObject.kind) ? responseObject : undefined;
}
