// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { writeVerbs } from '../../cluster/node/config/audit-policy.ts';

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

/** An entry of the log, as far as anything looks at it. */
export const AuditLine = z.looseObject({
  stage: z.string(),
  requestURI: z.string(),
  verb: z.string(),
  user: z.looseObject({ username: z.string() }),
  objectRef: z
    .looseObject({
      apiGroup: z.string().default(''),
      resource: z.string(),
      namespace: z.string().default(''),
      name: z.string().default(''),
      subresource: z.string().default(''),
    })
    .optional(),
  responseStatus: z
    .looseObject({ code: z.int().default(0), message: z.string().default('') })
    .default({ code: 0, message: '' }),
  responseObject: StoredObject.optional(),
  stageTimestamp: z.string(),
});
export type AuditLine = z.infer<typeof AuditLine>;

/** One write that the API server answered. */
export interface AuditWrite {
  /** When it was answered, in ms. */
  readonly atMs: number;
  readonly user: string;
  readonly verb: (typeof writeVerbs)[number];
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

const Verb = z.looseObject({ verb: z.string() });

/** The write of a line; undefined for what is no write, no answer yet, or a dry run. */
export function parseAuditLine(line: string): AuditWrite | undefined {
  const raw: unknown = JSON.parse(line);
  const asked = Verb.parse(raw).verb;
  const verb = writeVerbs.find((known) => known === asked);
  if (verb === undefined) return undefined;
  const entry = AuditLine.parse(raw);
  const { objectRef, responseObject, responseStatus } = entry;
  if (objectRef === undefined) return undefined;
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

/** The whole lines of a log that `isWanted`, as they were written. */
export async function* readLines(
  path: string,
  isWanted: (line: string) => boolean,
): AsyncGenerator<string, void, void> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    if (line.endsWith('}') && isWanted(line)) yield line;
  }
}

/** The writes of the log that `isWanted` by their raw line, in the order in which they were answered. */
export async function readAudit(path: string, isWanted: (line: string) => boolean): Promise<AuditWrite[]> {
  const writes: AuditWrite[] = [];
  for await (const line of readLines(path, isWanted)) {
    const write = parseAuditLine(line);
    if (write) writes.push(write);
  }
  return writes.toSorted((a, b) => a.atMs - b.atMs);
}

/** Lines about objects of a namespace. */
export function inNamespace(namespace: string): (line: string) => boolean {
  return (line) => line.includes(`"namespace":"${namespace}"`);
}
