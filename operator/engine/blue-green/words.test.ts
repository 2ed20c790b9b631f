// SPDX-License-Identifier: Apache-2.0
// What people read of a BlueGreen: its own words for its parts, and nothing of steps of weight.
import { describe, expect, it } from '@jest/globals';
import type { FakeOperator } from '../rollout/fake-operator.ts';
import { adopted, ask, changeSpec, CHECK, said, takeEvents } from '../rollout/test-releases.ts';
import { V1, V2 } from '../rollout/fake-cluster.ts';

type Spec = Record<string, unknown>;

const judged: Spec = { prePromotion: { checks: [CHECK], duration: '30s' }, onNoData: 'Hold' };
const baked: Spec = {
  bake: { duration: '2m' },
  postPromotion: { checks: [CHECK] },
  onNoData: 'Hold',
};

function releasing(spec: Spec, route = false): FakeOperator {
  const operator = adopted({ kind: 'BlueGreen', route, spec });
  takeEvents(operator);
  return operator.meanwhile((cluster) => cluster.setTemplate(V2));
}

function inPreview(spec: Spec = {}): FakeOperator {
  return releasing({ autoPromote: false, ...spec }).runUntil(({ pause }) => pause?.by === 'Step');
}

function without(operator: FakeOperator): FakeOperator {
  operator.metrics = () => 'timeout';
  return operator;
}

function bad(operator: FakeOperator): FakeOperator {
  operator.metrics = () => 50;
  return operator;
}

function deleted(operator: FakeOperator): FakeOperator {
  operator.auditor.excused = true;
  return operator.meanwhile((cluster) => cluster.deleteRevision('web-aaa')).runFor(10_000);
}

const SENTENCES: readonly [string, () => FakeOperator, RegExp][] = [
  [
    'in preview without metrics',
    () => without(releasing(judged)).runFor(60_000),
    /^step 2\/2, preview of 2\.0; errors: no data from prometheus \(no answer within 10s\) since [\d:]+; promotion held$/,
  ],
  [
    'in the bake without metrics',
    () => without(releasing(baked).runUntil(({ stage }) => stage === 'Baking')).runFor(60_000),
    /^all traffic on 2\.0; 1\.0 is kept warm; errors: no data from prometheus \(no answer within 10s\) since [\d:]+; traffic held$/,
  ],
  [
    'failed in preview',
    () => bad(releasing(judged)).runUntilIdle(),
    /^errors 50 > 1 in 1 of 1 check in preview; all traffic stays on 1\.0$/,
  ],
  [
    'failed in preview, for a person to look at',
    () => bad(releasing({ ...judged, onFailure: 'Pause' })).runFor(60_000),
    /^step 2\/2, preview of 2\.0; errors 50 > 1 in 1 of 1 check; paused since [\d:]+; promote, retry or abort$/,
  ],
  [
    'failed in the bake',
    () => bad(releasing(baked).runUntil(({ stage }) => stage === 'Baking')).runUntilIdle(),
    /^errors 50 > 1 in 1 of 1 check in the bake of 2\.0; all traffic on 1\.0 since [\d:]+ \([\d.]+ s\)$/,
  ],
  [
    'aborted',
    () => ask(inPreview(), 'abort').runUntilIdle(),
    /^aborted on request in preview; all traffic stays on 1\.0$/,
  ],
  [
    'whose active Deployment somebody deleted',
    () => deleted(inPreview()),
    /^the Deployment of active revision aaa is gone; traffic held where it is; set the template back to it, or promote the preview$/,
  ],
  [
    'of which nothing runs',
    () => scaledToZero(adopted({ kind: 'BlueGreen', route: false, spec: {} })),
    /^scaled to 0, so no pod runs and nobody answers; 1\.0 is active since [\d:]+$/,
  ],
  [
    'at rest, whose Deployment somebody deleted',
    () => lost(adopted({ kind: 'BlueGreen', route: false, spec: {} })),
    /^the Deployment of active revision aaa was deleted; making it again$/,
  ],
];

function scaledToZero(operator: FakeOperator): FakeOperator {
  return changeSpec(operator, { replicas: 0 }).runFor(60_000);
}

function lost(operator: FakeOperator): FakeOperator {
  operator.auditor.excused = true;
  operator.meanwhile((cluster) => cluster.deleteRevision('web-aaa')).step();
  return operator;
}

describe('the sentence of a BlueGreen', () => {
  it.each(SENTENCES)('%s', (_what, play, sentence) => {
    expect(said(play())).toMatch(sentence);
  });

  it('says what comes next in its own words', () => {
    const operator = releasing(judged).runUntil(({ step }) => step?.index === 0);
    expect(operator.status.next).toBe('prePromotion');
  });
});

describe('the events of a BlueGreen', () => {
  it('that is aborted', () => {
    expect(takeEvents(ask(inPreview(), 'abort').runUntilIdle())).toEqual([
      'NewRevisionDetected: 2.0 found beside 1.0; 2 steps to go',
      'CanaryScaledUp: 5 preview pods asked for 2.0',
      'ApprovalRequired: step 2/2, preview of 2.0; waits until somebody promotes',
      'Warning Aborted: aborted on request; taking the preview away',
      'Warning RolledBack: aborted on request in preview; all traffic stays on 1.0',
    ]);
  });

  it('whose template is set back', () => {
    const operator = inPreview();
    takeEvents(operator);
    operator.meanwhile((cluster) => cluster.setTemplate(V1)).runUntilIdle();
    expect(takeEvents(operator)).toEqual(['Superseded: the template is 1.0 again; 2.0 is given up']);
  });
});
