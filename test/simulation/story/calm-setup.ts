// SPDX-License-Identifier: Apache-2.0
import type { Setup } from './story.ts';

/** A setup in which little takes its time, so that a test is about what it changes of it. */
export const CALM_SETUP: Setup = {
  router: 'ingress',
  replicas: 2,
  steps: [{ setWeight: 50 }, { pause: { duration: '4s' } }],
  settleMs: 2000,
  scaleDownDelayMs: 2000,
  analysis: 'none',
  onNoData: 'Hold',
  hearsMs: 100,
  throttleMs: 200,
  graceMs: 0,
  operators: 1,
};
