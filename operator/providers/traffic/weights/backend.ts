// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/**
 * An entry of a list that shares requests by weight, in the words that the Gateway API and Traefik have in common. Loose:
 * what one of them adds one day, and what a vendor has added, is written back as it was read.
 */
export const Backend = z.looseObject({
  group: z.string().nullish(),
  kind: z.string().nullish(),
  namespace: z.string().nullish(),
  name: z.string(),
  port: z.union([z.number(), z.string()]).nullish(),
  weight: z.number().nullish(),
});
export type Backend = z.infer<typeof Backend>;
