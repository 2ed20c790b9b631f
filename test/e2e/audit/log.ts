// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** An object as the API server stored it, as far as the rules look at it. */
const StoredObject = z.looseObject({
  kind: z.string().default(''),
  metadata: z
    .looseObject({
      name: z.string().default(''),
      uid: z.string().default(''),
      resourceVersion: z.string().default(''),
      generation: z.int().default(0),
      labels: z.record(z.string(), z.string()).default({}),
      annotations: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
  spec: z.looseObject({}).default({}),
  status: z.union([z.looseObject({}), z.string()]).optional(),
});
export type StoredObject = z.infer<typeof StoredObject>;

const AuditLine = z.looseObject({
  stage: z.string(),
  requestURI: z.string(),
  verb: z.string(),
  user: z.looseObject({ username: z.string() }),
  objectRef: z
    .looseObject({
      resource: z.string(),
      namespace: z.string().default(''),
      name: z.string().default(''),
      subresource: z.string().default(''),
    })
    .optional(),
  responseStatus: z.looseObject({ code: z.int().default(0) }).default({ code: 0 }),
  responseObject: StoredObject.optional(),
  stageTimestamp: z.string(),
});

/** One write that the API server answered. */
export interface AuditWrite {
  /** When it was answered, in ms. */
  readonly atMs: number;
  readonly user: string;
  readonly verb: 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';
  /** Plural, such as `deployments`. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly code: number;
  /** What was stored; absent where the log keeps no bodies, after a deletion and after a refusal. */
  readonly object?: StoredObject;
}

/** Whether it is a Canary or a BlueGreen that was written. */
export function isRollout({ resource }: Pick<AuditWrite, 'resource'>): boolean {
  return resource === 'canaries' || resource === 'bluegreens';
}

const verbs = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;

/** The write of a line; undefined for what is no write, no answer yet, or a dry run. */
export function parseAuditLine(line: string): AuditWrite | undefined {
  const entry = AuditLine.parse(JSON.parse(line));
  const verb = verbs.find((known) => known === entry.verb);
  const { objectRef, responseObject, responseStatus } = entry;
  if (verb === undefined || objectRef === undefined) return undefined;
  if (entry.stage !== 'ResponseComplete' || entry.requestURI.includes('dryRun=')) return undefined;
  const stored = responseStatus.code < 300 && responseObject?.kind !== 'Status' ? responseObject : undefined;
  return {
    atMs: Date.parse(entry.stageTimestamp),
    user: entry.user.username,
    verb,
    resource: objectRef.resource,
    subresource: objectRef.subresource,
    namespace: objectRef.namespace,
    name: objectRef.name === '' ? (stored?.metadata.name ?? '') : objectRef.name,
    code: responseStatus.code,
    ...(stored ? { object: stored } : {}),
  };
}

/** The writes of the log that `isWanted` by their raw line, in the order in which they were answered. */
export async function readAudit(path: string, isWanted: (line: string) => boolean): Promise<AuditWrite[]> {
  const writes: AuditWrite[] = [];
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const write = line.endsWith('}') && isWanted(line) ? parseAuditLine(line) : undefined;
    if (write) writes.push(write);
  }
  return writes.toSorted((a, b) => a.atMs - b.atMs);
}

/** Lines about objects of a namespace. */
export function inNamespace(namespace: string): (line: string) => boolean {
  return (line) => line.includes(`"namespace":"${namespace}"`);
}
