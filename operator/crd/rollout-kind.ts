// SPDX-License-Identifier: Apache-2.0
// What the kinds that release one Deployment behind one Service show alike.
import type { KindDefinition, PrinterColumn } from './kind-definition.ts';

export const ROLLOUT_SCALE: NonNullable<KindDefinition['scale']> = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.status.selector',
};

export const ROLLOUT_READY: PrinterColumn = {
  name: 'Ready',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].status',
  description: 'True when the newest template has all traffic for good.',
};

/** Shown with `-o wide`. */
export const ROLLOUT_DETAILS = {
  message: {
    name: 'Message',
    type: 'string',
    jsonPath: '.status.message',
    description: 'What is happening and why.',
    priority: 1,
  },
  next: {
    name: 'Next',
    type: 'string',
    jsonPath: '.status.next',
    description: 'What comes next, and when.',
    priority: 1,
  },
} as const satisfies Record<string, PrinterColumn>;
