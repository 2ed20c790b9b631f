// SPDX-License-Identifier: Apache-2.0
import type { Probe } from './inside/probe.ts';

/** One process of a cluster. */
export interface Part {
  name: string;
  port?: number;
  /** The program, by name, and its arguments. */
  command: readonly [program: string, ...args: string[]];
  env: Record<string, string>;
  privateMounts: boolean;
  /** A file of lines that it goes on with when it is started again. */
  appendsTo?: string;
  /** Below 0 where its work comes first; 0 unless told. */
  niceness?: number;
  probe: Probe;
}

/** The health of a server with whatever certificate. */
export function selfSigned(name: string, port: number): Probe {
  return { name, url: `https://127.0.0.1:${port}/healthz` };
}
