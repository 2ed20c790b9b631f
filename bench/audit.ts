// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { writeVerbs } from '../test/cluster/node/config/audit-policy.ts';

/** One write that the API server answered, with its own clock's times in milliseconds since 1970, exact to 1 µs. */
export interface AuditedWrite {
  user: string;
  verb: string;
  /** Plural, such as `deployments`. */
  resource: string;
  namespace: string;
  name: string;
  code: number;
  receivedMs: number;
  answeredMs: number;
  annotations: Record<string, string>;
}

const AuditLine = z.looseObject({
  verb: z.string(),
  user: z.looseObject({ username: z.string() }),
  objectRef: z
    .looseObject({ resource: z.string(), namespace: z.string().default(''), name: z.string().default('') })
    .optional(),
  responseStatus: z.looseObject({ code: z.int().default(0) }).default({ code: 0 }),
  responseObject: z
    .looseObject({
      metadata: z
        .looseObject({
          name: z.string().default(''),
          annotations: z.record(z.string(), z.string()).default({}),
        })
        .prefault({}),
    })
    .optional(),
  requestReceivedTimestamp: z.string(),
  stageTimestamp: z.string(),
});

/** The write of a line of an audit log; undefined for a read and for what is about no object. What was created is named by the answer. */
export function parseAuditedWrite(line: string): AuditedWrite | undefined {
  const { verb, objectRef, responseObject, ...entry } = AuditLine.parse(JSON.parse(line));
  const isWrite = writeVerbs.some((known) => known === verb);
  if (!isWrite || objectRef === undefined) return undefined;
  return {
    user: entry.user.username,
    verb,
    resource: objectRef.resource,
    namespace: objectRef.namespace,
    name: objectRef.name === '' ? (responseObject?.metadata.name ?? '') : objectRef.name,
    code: entry.responseStatus.code,
    receivedMs: preciseMs(entry.requestReceivedTimestamp),
    answeredMs: preciseMs(entry.stageTimestamp),
    annotations: responseObject?.metadata.annotations ?? {},
  };
}

/** Milliseconds since 1970 of an RFC 3339 time in UTC, with the digits that Date.parse cuts off. */
export function preciseMs(time: string): number {
  const match = /^(.+:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time);
  const wholeMs = Date.parse(`${match?.[1]}Z`);
  if (!match || Number.isNaN(wholeMs)) throw new Error(`"${time}" is no time of an audit log`);
  return wholeMs + Number(`0.${match[2] ?? '0'}`) * 1_000;
}

export interface Change {
  namespace: string;
  name: string;
}

export interface Wanted {
  /** Who changed the object. */
  changedBy: string;
  /** Who is expected to act. */
  user: string;
  /** The object and all that is named after it: `shop`, `shop-5d8f`, but not `shopping`. */
  change: Change;
}

/** Where a change was answered and the first write that followed it, both by the API server's clock. */
export interface Reaction {
  changedMs: number;
  writtenMs: number;
  verb: string;
  resource: string;
}

/** The first write of a user about an object after the last change of its Deployment; undefined when there is none. */
export function findReaction(writes: readonly AuditedWrite[], wanted: Wanted): Reaction | undefined {
  const { namespace, name } = wanted.change;
  const changes = writes.filter(
    (write) =>
      write.user === wanted.changedBy &&
      write.resource === 'deployments' &&
      write.namespace === namespace &&
      write.name === name,
  );
  const changed = changes.at(-1);
  if (!changed) return undefined;
  const answers = writes.filter(
    (write) =>
      write.user === wanted.user &&
      write.resource !== 'events' &&
      write.namespace === namespace &&
      (write.name === name || write.name.startsWith(`${name}-`)) &&
      write.receivedMs >= changed.receivedMs,
  );
  const [first] = answers.toSorted((a, b) => a.receivedMs - b.receivedMs);
  if (!first) return undefined;
  const { verb, resource, receivedMs } = first;
  return { changedMs: changed.answeredMs, writtenMs: receivedMs, verb, resource };
}
