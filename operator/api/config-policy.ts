// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

export const ConfigPolicy = z.object({
  configMaps: z
    .enum(['Versioned', 'Live'])
    .default('Versioned')
    .describe(
      'Versioned: each revision gets copies of the ConfigMaps that the pod template names, and a change of one is released like a change of the template. Live: revisions read them as they are. Default: Versioned.',
    ),
  secrets: z
    .enum(['Versioned', 'Live'])
    .default('Live')
    .describe(
      'The same for Secrets. Versioned needs the ClusterRole headway-config-secrets bound to the operator in this namespace. Default: Live.',
    ),
});
export type ConfigPolicy = z.infer<typeof ConfigPolicy>;
