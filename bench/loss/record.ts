// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { modes } from '../../test/e2e/support/objects.ts';
import { bys } from './lanes.ts';

const LossRow = z.strictObject({
  by: z.enum(bys),
  kind: z.enum(['Canary', 'BlueGreen']),
  mode: z.enum(modes),
  /** The name of the move; `at rest` is all the time in which none is made. */
  move: z.string(),
  /** By how many seconds Traefik and kube-proxy heard of everything later. */
  delay: z.number(),
  /** How often the move was made. */
  made: z.int(),
  sent: z.int(),
  /** Requests that were lost, by class. */
  lost: z.record(z.string(), z.int()),
});
export type LossRow = z.infer<typeof LossRow>;

/** What `make bench-loss` measured. */
export const LossResults = z.strictObject({
  /** Of all lanes together. */
  ratePerSecond: z.number(),
  lanes: z.int(),
  traefik: z.string(),
  /** How often the operator was killed. */
  deaths: z.int(),
  rows: z.array(LossRow),
  /** Lanes that did not come to their end, and losses that nobody expected: a text each. */
  problems: z.array(z.string()),
});
export type LossResults = z.infer<typeof LossResults>;

export function lostOf({ lost }: Pick<LossRow, 'lost'>): number {
  return Object.values(lost).reduce((sum, count) => sum + count, 0);
}
