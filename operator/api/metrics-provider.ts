// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Duration } from './duration.ts';
import { LabelName } from './names.ts';

export const MetricsProviderSpec = z.object({
  type: z
    .literal('Prometheus')
    .describe('Protocol of the provider. Prometheus: the HTTP API of Prometheus and of what speaks like it.'),
  address: z
    .string()
    .min(8)
    .max(2048)
    .regex(
      /^https?:\/\/[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?(\/[-A-Za-z0-9._~/]*)?$/,
      'must be http:// or https:// with a host, an optional port and path, and no user, password, query or fragment',
    )
    .describe(
      'Base address, for example http://prometheus.monitoring:9090. http or https; no user, password, query or fragment.',
    ),
  allowedNamespaces: z
    .array(LabelName('Name of a namespace.'))
    .max(256)
    .refine((names) => new Set(names).size === names.length, 'must not name a namespace twice')
    .meta({ 'x-kubernetes-list-type': 'set' })
    .optional()
    .describe(
      'Namespaces whose Canaries and BlueGreens may use this provider. Default: all. An empty list: none.',
    ),
  timeout: Duration({ min: '1s', max: '30s' })
    .default('10s')
    .describe('How long one query may take, from 1s to 30s; a slower one counts as no data. Default: 10s.'),
});
export type MetricsProviderSpec = z.infer<typeof MetricsProviderSpec>;
