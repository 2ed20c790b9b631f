// SPDX-License-Identifier: Apache-2.0
import { AnalysisTemplateSpec } from '../api/analysis.ts';
import { MetricsProviderSpec } from '../api/metrics-provider.ts';
import { blueGreen } from './blue-green-kind.ts';
import { canary } from './canary-kind.ts';
import { AGE, type KindDefinition } from './kind-definition.ts';

const analysisTemplate: KindDefinition = {
  kind: 'AnalysisTemplate',
  plural: 'analysistemplates',
  singular: 'analysistemplate',
  shortName: 'hat',
  categories: ['headway'],
  scope: 'Namespaced',
  description:
    'An AnalysisTemplate holds checks that several Canaries and BlueGreens of its namespace share.',
  spec: AnalysisTemplateSpec,
  specDescription: 'The checks and the arguments that they take.',
  columns: [AGE],
};

const metricsProvider: KindDefinition = {
  kind: 'MetricsProvider',
  plural: 'metricsproviders',
  singular: 'metricsprovider',
  shortName: 'hmp',
  categories: ['headway'],
  scope: 'Cluster',
  description:
    'A MetricsProvider says where metrics are read. Administrators write it; tenants only name it, so no tenant can make the operator call an address.',
  spec: MetricsProviderSpec,
  specDescription: 'Where the provider is and who may use it.',
  columns: [
    { name: 'Type', type: 'string', jsonPath: '.spec.type', description: 'Protocol of the provider.' },
    { name: 'Address', type: 'string', jsonPath: '.spec.address', description: 'Where it is.' },
    AGE,
  ],
};

/** Every kind of Headway, in the order of their files. */
export const KINDS: readonly KindDefinition[] = [analysisTemplate, blueGreen, canary, metricsProvider];
