// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { AnalysisTemplateSpec } from './analysis.ts';
import { MetricsProviderSpec } from './metrics-provider.ts';
import { BlueGreenSpec } from './blue-green.ts';
import { BlueGreenStatus } from './blue-green-status.ts';
import { CanarySpec } from './canary.ts';
import { CanaryStatus } from './rollout-status.ts';
import { ObjectMeta } from './object-meta.ts';

export const Canary = z.object({
  metadata: ObjectMeta,
  spec: CanarySpec,
  status: CanaryStatus.optional(),
});
export type Canary = z.infer<typeof Canary>;

export const BlueGreen = z.object({
  metadata: ObjectMeta,
  spec: BlueGreenSpec,
  status: BlueGreenStatus.optional(),
});
export type BlueGreen = z.infer<typeof BlueGreen>;

export const AnalysisTemplate = z.object({ metadata: ObjectMeta, spec: AnalysisTemplateSpec });
export type AnalysisTemplate = z.infer<typeof AnalysisTemplate>;

export const MetricsProvider = z.object({ metadata: ObjectMeta, spec: MetricsProviderSpec });
export type MetricsProvider = z.infer<typeof MetricsProvider>;
