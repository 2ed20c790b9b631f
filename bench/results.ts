// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { LossResults } from './loss/record.ts';

const Spread = z.strictObject({ count: z.int(), p50: z.number(), p99: z.number(), max: z.number() });

/** Requests while nothing changes, as the API server counts them. */
const Idle = z.strictObject({
  objects: z.int(),
  seconds: z.int(),
  /** All but watches and the Lease. */
  calls: z.int(),
  watches: z.int(),
  leases: z.int(),
  /** Writes among the calls, by the audit log. */
  writes: z.int(),
  callsPerObjectPerMinute: z.number(),
});
export type Idle = z.infer<typeof Idle>;

/** From the answer to a change to the first write, in ms. */
const FirstWrite = z.strictObject({
  objects: z.int(),
  headway: Spread,
  nullOperator: Spread,
  /** What the first write was, such as "create deployments". */
  firstWriteIs: z.array(z.string()),
});
export type FirstWrite = z.infer<typeof FirstWrite>;

/** Many targets changed at once. Times in ms. */
const Wave = z.strictObject({
  objects: z.int(),
  changes: z.int(),
  /** From the first change to the last. */
  changedMs: z.number(),
  /** From the first change until each of them was followed by a write. */
  lastFirstWriteMs: z.number(),
  /** From a change to its own first write. */
  each: Spread,
});
export type Wave = z.infer<typeof Wave>;

const Form = z.enum(['bundle', 'source']);

/** Resident memory in bytes. */
const MemoryRow = z.strictObject({
  form: Form,
  objects: z.int(),
  /** `started`: the objects were there before the process. `grown`: it has adopted them all. */
  after: z.enum(['started', 'grown']),
  rss: z.int(),
  pss: z.int(),
  peak: z.int(),
});
export type MemoryRow = z.infer<typeof MemoryRow>;

const Part = z.strictObject({ name: z.string(), bytes: z.int() });

/** What the memory of the bundle is for, in bytes. */
const Anatomy = z.strictObject({
  objects: z.int(),
  /** By the kernel, and of the anonymous memory what V8 has reserved for its heap. */
  resident: z.strictObject({
    program: z.int(),
    libraries: z.int(),
    malloc: z.int(),
    anonymous: z.int(),
    heapCommitted: z.int(),
  }),
  /** All that lives, by the heap snapshot. */
  heapBytes: z.int(),
  types: z.array(Part),
  /** What alone holds how much of it. */
  holders: z.array(Part),
});
export type Anatomy = z.infer<typeof Anatomy>;

const ColdStart = z.strictObject({
  form: Form,
  objects: z.int(),
  readyMs: z.number(),
  reconciledMs: z.number(),
});
export type ColdStart = z.infer<typeof ColdStart>;

export const ApiResults = z.strictObject({
  idle: Idle,
  firstWrite: FirstWrite,
  /** Absent in figures from before it was measured. */
  wave: Wave.optional(),
  memory: z.array(MemoryRow),
  /** Absent in figures from before it was measured. */
  anatomy: Anatomy.optional(),
  coldStarts: z.array(ColdStart),
});
export type ApiResults = z.infer<typeof ApiResults>;

/** One bad release on real traffic. Times in ms from the first bad answer. */
const BadRelease = z.strictObject({
  interval: z.string(),
  /** Until the API server was asked to set the weight to 0. */
  weightZeroMs: z.number(),
  /** Until the last bad answer. */
  lastBadMs: z.number(),
  bad: z.int(),
  sent: z.int(),
  /** Requests without any answer of the app. */
  lost: z.int(),
});
export type BadRelease = z.infer<typeof BadRelease>;

export const ReactionResults = z.strictObject({
  ratePerSecond: z.int(),
  weight: z.int(),
  errorRate: z.number(),
  releases: z.array(BadRelease),
});
export type ReactionResults = z.infer<typeof ReactionResults>;

/** Requests to a plain Service while pods of it go. */
const DrainRun = z.strictObject({
  /** Half of the pods scaled away, or another version for all. */
  act: z.enum(['scale', 'release']),
  /** `hand`: the Deployment itself is changed, and nobody takes a pod out of the Service before it is told to stop. */
  by: z.enum(['hand', 'headway']),
  /** A new connection for each request, or connections that are used again. */
  connections: z.enum(['fresh', 'keepalive']),
  sent: z.int(),
  lost: z.int(),
});
export type DrainRun = z.infer<typeof DrainRun>;

export const DrainResults = z.strictObject({
  ratePerSecond: z.int(),
  replicas: z.int(),
  runs: z.array(DrainRun),
});
export type DrainResults = z.infer<typeof DrainResults>;

const Memory = z.strictObject({ rss: z.int(), pss: z.int(), peak: z.int() });

/** The image of the operator. Times in ms, sizes in bytes. */
export const ImageResults = z.strictObject({
  layers: z.array(
    z.strictObject({
      name: z.enum(['base', 'node', 'headway']),
      bytes: z.int(),
      /** As registries hold it: gzip at its default level. */
      gzipBytes: z.int(),
    }),
  ),
  process: z.strictObject({
    /** From the start of `node -e 0`, with the flags of the bundle, to its end. */
    node: Spread,
    /** From the start of the bundle to the first 200 of /readyz, where there are no objects. */
    ready: Spread,
  }),
  pod: z.strictObject({
    /** From the API server's answer to its creation to the first 200: a pod of the demo app, which starts at once. */
    demo: Spread,
    /** The same of the operator's. */
    ready: Spread,
    /** Of that the part from the start of its process. */
    process: Spread,
    memory: Memory,
  }),
});
export type ImageResults = z.infer<typeof ImageResults>;

/** When, where and of what a part was measured. */
const Circumstances = z.strictObject({
  measuredAt: z.string(),
  seconds: z.int(),
  version: z.string(),
  commit: z.string(),
  cpu: z.string(),
  cores: z.int(),
  memoryGiB: z.int(),
  kernel: z.string(),
  node: z.string(),
  kubernetes: z.string(),
  /** Processes that wanted a core, as an average over the minute before the start. */
  loadBefore: z.number(),
});
export type Circumstances = z.infer<typeof Circumstances>;

function measured<T extends z.ZodType>(results: T) {
  return z.strictObject({ circumstances: Circumstances, results });
}

/** What docs/benchmarks/results.json holds. A part that was not run keeps its last figures. */
export const Results = z.strictObject({
  api: measured(ApiResults).optional(),
  reaction: measured(ReactionResults).optional(),
  drain: measured(DrainResults).optional(),
  loss: measured(LossResults).optional(),
  image: measured(ImageResults).optional(),
});
export type Results = z.infer<typeof Results>;
