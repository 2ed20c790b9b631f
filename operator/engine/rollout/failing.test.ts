// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type Reason, Reasons } from '../../api/reasons.ts';
import { newContext, newDraft } from './draft.ts';
import { fail } from './failing.ts';
import type { FakeOperator } from './fake-operator.ts';
import { worldOf } from './fake-world.ts';
import { adopted, ask, atStep, releasing } from './test-releases.ts';

const BAKE = { bake: { duration: '5m' } };

const moments: Record<string, (spec: Record<string, unknown>) => FakeOperator> = {
  'at a step': (spec) => atStep(1, { spec }),
  promoting: (spec) => releasing({ spec }).runUntil(({ stage }) => stage === 'Promoting'),
  'in a bake': (spec) =>
    releasing({ spec: { ...spec, ...BAKE } }).runUntil(({ stage }) => stage === 'Baking'),
  'going back': (spec) => {
    const operator = adopted({ spec }).meanwhile((cluster) => cluster.setTemplate({ hash: 'bbb' }));
    return ask(operator.runUntilIdle(), 'rollback', 'aaa').runUntil(({ stage }) => stage === 'Returning');
  },
};

function afterwards(moment: string, onFailure: string, reason: Reason) {
  const { cluster } = moments[moment]?.({ onFailure }) ?? adopted();
  const draft = newDraft(cluster.canary, cluster.now);
  fail(newContext(cluster.canary, worldOf(cluster), cluster.now), draft, { reason, message: 'it is bad' });
  const { stage, pause, failure } = draft.status;
  return { stage, paused: pause?.by, failure: failure?.reason };
}

const back = (reason: Reason) => ({ stage: 'RollingBack', paused: undefined, failure: reason });
const { AnalysisFailed, CanaryDown, DeadlineExceeded, MetricsMissing } = Reasons;

describe('what fails', () => {
  it.each([
    ['at a step', 'Rollback', AnalysisFailed, back(AnalysisFailed)],
    ['at a step', 'Rollback', DeadlineExceeded, back(DeadlineExceeded)],
    ['at a step', 'Pause', AnalysisFailed, { stage: 'Stepping', paused: 'Failure', failure: undefined }],
    ['at a step', 'Pause', DeadlineExceeded, { stage: 'Stepping', paused: 'Failure', failure: undefined }],
    ['at a step', 'Pause', CanaryDown, back(CanaryDown)],
    ['at a step', 'Pause', MetricsMissing, back(MetricsMissing)],
    ['promoting', 'Pause', AnalysisFailed, { stage: 'Promoting', paused: 'Failure', failure: undefined }],
    ['promoting', 'Pause', CanaryDown, back(CanaryDown)],
    ['in a bake', 'Rollback', AnalysisFailed, { ...back(AnalysisFailed), stage: 'Returning' }],
    ['in a bake', 'Pause', AnalysisFailed, { stage: 'Baking', paused: 'Failure', failure: undefined }],
    ['in a bake', 'Pause', CanaryDown, { ...back(CanaryDown), stage: 'Returning' }],
    ['going back', 'Pause', DeadlineExceeded, back(DeadlineExceeded)],
  ] as const)('%s, onFailure %s, %s', (moment, onFailure, reason, expected) => {
    expect(afterwards(moment, onFailure, reason)).toEqual(expected);
  });
});
