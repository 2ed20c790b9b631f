// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { AnalysisTemplateSpec } from '../api/analysis.ts';
import { MetricsProviderSpec } from '../api/metrics-provider.ts';
import { RolloutStatus, UNSEEN } from '../api/rollout-status.ts';
import { CanarySpec } from '../api/canary.ts';

/** A column of `kubectl get`. Priority 1: only with `-o wide`. */
interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description?: string;
  readonly priority?: 0 | 1;
}

/** What a CRD says around its schemas. */
export interface KindDefinition {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortName: string;
  readonly categories: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  readonly description: string;
  readonly spec: z.ZodType;
  readonly specDescription: string;
  readonly status?: {
    readonly schema: z.ZodType;
    readonly description: string;
    /** What an object says that no operator has seen yet. */
    readonly initial?: object;
  };
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath: string;
  };
  readonly columns: readonly PrinterColumn[];
}

const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

const canary: KindDefinition = {
  kind: 'Canary',
  plural: 'canaries',
  singular: 'canary',
  shortName: 'hcan',
  categories: ['all', 'headway'],
  scope: 'Namespaced',
  description:
    'A Canary releases the Deployment it names step by step: each new pod template first gets a share of the traffic, is judged, and is then promoted or rolled back.',
  spec: CanarySpec,
  specDescription: 'What is released, where its clients are, by which steps, and how it is judged.',
  status: {
    schema: RolloutStatus,
    description: 'What the operator last saw and decided. Only the operator writes it.',
    initial: UNSEEN,
  },
  scale: {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  },
  columns: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'What the release is doing.' },
    {
      name: 'Step',
      type: 'string',
      jsonPath: '.status.step.position',
      description: 'Current step and number of steps.',
    },
    {
      name: 'Weight',
      type: 'integer',
      jsonPath: '.status.weight.observed',
      description: 'Percent of the traffic that the canary has, read back from the route.',
    },
    {
      name: 'Version',
      type: 'string',
      // The first of the two that is there: at rest there is no canary.
      jsonPath: ".status['canary.version','stable.version']",
      description: 'Version on its way, or rolled back last; else the stable one.',
    },
    {
      name: 'Ready',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
      description: 'True when the newest template has all traffic for good.',
    },
    AGE,
    {
      name: 'Message',
      type: 'string',
      jsonPath: '.status.message',
      description: 'What is happening and why.',
      priority: 1,
    },
    {
      name: 'Stable',
      type: 'string',
      jsonPath: '.status.stable.version',
      description: 'Version that is known to be good.',
      priority: 1,
    },
    {
      name: 'Next',
      type: 'string',
      jsonPath: '.status.next',
      description: 'What comes next, and when.',
      priority: 1,
    },
  ],
};

const analysisTemplate: KindDefinition = {
  kind: 'AnalysisTemplate',
  plural: 'analysistemplates',
  singular: 'analysistemplate',
  shortName: 'hat',
  categories: ['headway'],
  scope: 'Namespaced',
  description: 'An AnalysisTemplate holds checks that several Canaries of its namespace share.',
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
export const KINDS: readonly KindDefinition[] = [analysisTemplate, canary, metricsProvider];
