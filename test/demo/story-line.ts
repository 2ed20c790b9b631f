// SPDX-License-Identifier: Apache-2.0
import { appPort } from '../apps/manifests.ts';
import { type BlueGreenSpecInput, type CanarySpecInput, successRate } from '../e2e/support/objects.ts';

/** What the app is released as: the first, a good one, a bad one. */
export const demoVersions = ['1.0.0', '1.1.0', '1.2.0'] as const;
export const [firstVersion, goodVersion, badVersion] = demoVersions;

/** The share of the answers of the bad version that are errors. */
export const badErrorRate = 0.3;

export const ratePerSecond = 100;

/** Weights in the order in which a good release shows them; the last one is the promotion. */
export const demoWeights = [10, 50, 100] as const;

/** Two weights with a pause after each, judged all the way by the success rate of the canary's own pods. */
export const canarySpec: CanarySpecInput = {
  steps: [
    { setWeight: demoWeights[0] },
    { pause: { duration: '8s' } },
    { setWeight: demoWeights[1] },
    { pause: { duration: '8s' } },
  ],
  analysis: { checks: [{ ...successRate, min: 99 }] },
};

const answers = { port: appPort, expect: { status: [200] } };

/** Each new pod has to answer a probe three times, then a person promotes. */
export const blueGreenSpec: BlueGreenSpecInput = {
  autoPromote: false,
  prePromotion: { checks: [{ name: 'answers', interval: '1s', count: 3, http: answers }] },
};
