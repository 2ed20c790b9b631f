// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { forbidden, startTestApi, type TestApi } from '../test-api.ts';
import { createTestWorld, runLine, startLine, until } from '../test-io.ts';
import { modelOf } from '../view/model.ts';
import { BAKING, PREVIEW } from '../view/test-blue-greens.ts';
import {
  canary,
  conditions,
  HEALTHY,
  INVALID,
  MID_CANARY,
  next,
  NO_DATA,
  ROLLED_BACK,
  stable,
  UNSEEN_CANARY,
  WAITING,
} from '../view/test-rollouts.ts';
import { isOver, type Outcome, OUTCOME_EXITS, outcomeOf } from './outcome.ts';

type Rows = Parameters<typeof conditions> extends [string, ...infer R] ? R : never;

function saying(...rows: Rows): KubeObject {
  return canary({ stable, canary: next, conditions: conditions('why', ...rows) });
}

const DATA_PAUSE = saying(
  ['Ready', 'False', 'NoData'],
  ['Reconciling', 'True', 'NoData'],
  ['Paused', 'True', 'NoData'],
);

describe('the outcome', () => {
  it.each<[string, KubeObject, Outcome, boolean]>([
    ['in a step', MID_CANARY, 'on-its-way', false],
    ['in a bake', BAKING, 'on-its-way', false],
    ['unseen', UNSEEN_CANARY, 'on-its-way', false],
    ['without a status', canary(undefined), 'on-its-way', false],
    [
      'with a newer spec',
      { ...HEALTHY, metadata: { ...HEALTHY.metadata, generation: 2 } },
      'on-its-way',
      false,
    ],
    ['at rest', HEALTHY, 'promoted', true],
    ['rolled back', ROLLED_BACK, 'rolled-back', true],
    ['invalid', INVALID, 'invalid', true],
    ['at a pause of a step', WAITING, 'waiting', true],
    ['a preview that waits', PREVIEW, 'waiting', true],
    ['without metrics, held', NO_DATA, 'no-data', false],
    ['without metrics, paused', DATA_PAUSE, 'no-data', true],
    [
      'waiting for admission',
      saying(
        ['Ready', 'False', 'WaitingForAdmission'],
        ['Reconciling', 'True', 'W'],
        ['Paused', 'True', 'W'],
      ),
      'waiting',
      true,
    ],
    [
      'something to mend',
      saying(['Ready', 'False', 'ServiceNotFound'], ['Stalled', 'True', 'ServiceNotFound']),
      'waiting',
      true,
    ],
    [
      'suspended',
      saying(['Ready', 'Unknown', 'Suspended'], ['Suspended', 'True', 'Suspended']),
      'waiting',
      true,
    ],
    [
      'a first version refused',
      canary({
        stage: 'Refused',
        canary: next,
        conditions: conditions(
          'why',
          ['Ready', 'False', 'AnalysisFailed'],
          ['Stalled', 'True', 'AnalysisFailed'],
        ),
      }),
      'rolled-back',
      true,
    ],
    [
      'at 0 replicas',
      saying(['Ready', 'False', 'ScaledToZero'], ['Reconciling', 'True', 'S']),
      'on-its-way',
      false,
    ],
    [
      'both degraded',
      saying(['Ready', 'False', 'BothDegraded'], ['Reconciling', 'True', 'B']),
      'on-its-way',
      false,
    ],
    [
      'rolling back',
      saying(['Ready', 'False', 'RollingBack'], ['Reconciling', 'True', 'R']),
      'on-its-way',
      false,
    ],
  ])('%s', (_, object, outcome, over) => {
    const model = modelOf(object);
    expect(outcomeOf(model)).toBe(outcome);
    expect(isOver(outcome, model)).toBe(over);
  });

  it.each<[string, KubeObject, string, Outcome]>([
    ['the version that was promoted', HEALTHY, '1.5.0', 'promoted'],
    ['a version that is not seen yet', HEALTHY, '1.6.0', 'on-its-way'],
    ['the version that was rolled back', ROLLED_BACK, '1.5.0', 'rolled-back'],
    ['a version after it', ROLLED_BACK, '1.6.0', 'on-its-way'],
    ['an invalid spec, whatever the version', INVALID, '1.6.0', 'invalid'],
  ])('of %s', (_, object, version, outcome) => {
    expect(outcomeOf(modelOf(object), version)).toBe(outcome);
  });

  it('has an exit code of its own each, and none that is an error of the command', () => {
    const codes = Object.values(OUTCOME_EXITS);
    expect(codes).toEqual([0, 1, 2, 3, 4, 6]);
  });
});

const LINE = ['status', 'canary/checkout', '-n', 'shop'];

describe('status', () => {
  let api: TestApi;

  beforeEach(async () => {
    api = await startTestApi();
  });

  afterEach(() => api.close());

  function status(words: readonly string[], world = createTestWorld()) {
    return runLine([...LINE, '--kubeconfig', api.kubeconfig, ...words], { world });
  }

  it.each<[KubeObject, number, string]>([
    [HEALTHY, 0, '● Healthy'],
    [ROLLED_BACK, 1, '✖ RolledBack'],
    [INVALID, 2, '✖ Invalid'],
    [WAITING, 3, '‖ Paused'],
    [NO_DATA, 4, '? Holding'],
    [MID_CANARY, 6, '● Progressing'],
  ])('shows it and answers it: %#', async (object, code, phase) => {
    api.put(object);
    const ran = await status([]);
    expect(ran.code).toBe(code);
    expect(ran.err).toBe('');
    expect(ran.out.split('\n')[0]).toContain(phase);
  });

  it('shows it without pods where they may not be listed', async () => {
    api.put(HEALTHY);
    api.refuse(({ plural }) => (plural === 'pods' ? forbidden('list', 'pods') : undefined));
    const { code, out } = await status([]);
    expect(code).toBe(0);
    expect(out).toContain('Pods    not known: no permission to list pods\n');
  });

  it('counts the pods of the revisions', async () => {
    api.put(HEALTHY);
    const labels = { 'headway.dev/canary': 'checkout', 'headway.dev/revision': 'bbb' };
    const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
    api.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'shop', labels },
      status: ready,
    });
    expect((await status([])).out).toContain('Pods    stable 1/1 ready\n');
    const pods = api.calls.find(({ plural }) => plural === 'pods');
    expect(pods?.query.get('labelSelector')).toBe('headway.dev/canary=checkout');
  });

  it.each([
    [['--timeout', '5m'], '--timeout belongs to --wait'],
    [['--wait', '--timeout', 'soon'], '--timeout: "soon" is not a duration such as 30s, 5m or 1h30m'],
    [
      ['--watch'],
      'unknown flag --watch; there are --wait, --timeout, --for-version, --namespace, --context, --kubeconfig',
    ],
  ])('has another code than an invalid spec for bad arguments: %j', async (words, message) => {
    expect(await status(words)).toEqual({ code: 5, out: '', err: `error: ${message}\n` });
  });

  it('--wait goes through missing metrics to the end, a line for each change', async () => {
    api.put(MID_CANARY);
    const { written, done } = startLine([...LINE, '--kubeconfig', api.kubeconfig, '--wait']);
    await watched(api);
    api.put(NO_DATA);
    await until(() => written.out.includes('Holding'));
    api.put(HEALTHY);
    const { code, out, err } = await done;
    expect(code).toBe(0);
    expect(err).toBe('');
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /^14:06:22 {2}Progressing {2}step 4\/6 {2}25% canary {2}step 4\/6, 25% on 1\.5\.0; /,
    );
    expect(lines[1]).toMatch(/^14:06:22 {2}Holding {2}.*weight held$/);
    expect(lines.at(-1)).toBe('14:06:22  Healthy  all traffic on 1.5.0 since 14:05:40');
    expect(lines).toHaveLength(3);
  });

  it('--wait ends at once where it is over', async () => {
    api.put(WAITING);
    expect((await status(['--wait'])).code).toBe(3);
  });

  it('--wait --for-version does not take the last release for this one', async () => {
    api.put({ ...HEALTHY, status: { ...(HEALTHY.status as object), stable } });
    const running = status(['--wait', '--for-version', '1.5.0']);
    await watched(api);
    api.put(ROLLED_BACK);
    expect((await running).code).toBe(1);
  });

  it('--wait --timeout says that time is over', async () => {
    api.put(MID_CANARY);
    const { code, err } = await status(['--wait', '--timeout', '50ms']);
    expect(code).toBe(6);
    expect(err).toBe('error: time is over, and it is not\n');
  });

  it('--wait survives an API server that goes and comes again', async () => {
    api.put(MID_CANARY);
    const { written, done } = startLine([...LINE, '--kubeconfig', api.kubeconfig, '--wait']);
    await watched(api);
    api.setDown(true);
    api.put(HEALTHY);
    await until(() => written.out.includes('cannot reach'));
    api.setDown(false);
    const { code, out } = await done;
    expect(code).toBe(0);
    expect(out).toMatch(/cannot reach the API server http:\/\/127\.0\.0\.1:\d+ of context "x"/);
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/Healthy/);
  });

  it('--wait ends when the object is deleted, and says so', async () => {
    api.put(MID_CANARY);
    const running = status(['--wait']);
    await watched(api);
    api.remove('Canary', 'checkout');
    const { code, err } = await running;
    expect(code).toBe(5);
    expect(err).toBe('error: canary/checkout was deleted\n');
  });

  it('--wait ends on Ctrl-C', async () => {
    api.put(MID_CANARY);
    const world = createTestWorld();
    const running = status(['--wait'], world);
    await watched(api);
    world.end();
    expect((await running).code).toBe(130);
  });
});

/** A watch is open. */
async function watched(api: TestApi): Promise<void> {
  await until(() => api.calls.some(({ query }) => query.has('watch')));
}
