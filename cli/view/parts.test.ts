// SPDX-License-Identifier: Apache-2.0
// The parts of a view that the golden files do not show in every state.
import { describe, expect, it } from '@jest/globals';
import type { RolloutStatus, RolloutVerb } from '../../operator/api/rollout-status.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { typed, typedVerbs } from './deeds.ts';
import { modelOf } from './model.ts';
import { countPods, type RawPod } from './pod-facts.ts';
import { podLines } from './pods.ts';
import { recentLine } from './recent.ts';
import { stepsLine } from './steps.ts';
import { BAKING, blueGreen } from './test-blue-greens.ts';
import { FRAME, GLYPHS, textOf } from './test-frames.ts';
import { PODS } from './test-pods.ts';
import { canary, MID_CANARY, next, NOW_MS, stable, step, T } from './test-rollouts.ts';
import { ageOf, elapsedOf, momentOf } from './times.ts';
import { phaseSpan, titleLine } from './title.ts';
import { trafficLine } from './traffic.ts';
import { versionLine } from './version.ts';

function changed(status: { [field in keyof RolloutStatus]?: RolloutStatus[field] | undefined }): KubeObject {
  return { ...MID_CANARY, status: { ...(MID_CANARY.status as object), ...status } };
}

describe('times', () => {
  it.each([
    [T('14:05:10'), '14:05:10'],
    ['2026-02-28T23:59:59Z', '2026-02-28 23:59'],
    ['soon', undefined],
    [undefined, undefined],
  ])('the moment %s is %s', (iso, text) => expect(momentOf(iso, NOW_MS)).toBe(text));

  it.each([
    [T('14:06:22'), '0s'],
    [T('14:05:10'), '1m12s'],
    [T('12:00:01'), '2h6m'],
    ['2026-02-27T12:00:01Z', '50h'],
    [T('14:07:00'), '0s'],
    ['soon', undefined],
  ])('since %s it is %s', (iso, text) => expect(elapsedOf(iso, NOW_MS)).toBe(text));

  it.each([
    [T('14:05:10'), '72s'],
    [T('13:06:22'), '60m'],
    [T('10:06:22'), '4h'],
    ['2026-02-20T08:00:00Z', '9d'],
    ['', '-'],
    [T('14:07:00'), '0s'],
  ])('made at %s it is %s old', (iso, text) => expect(ageOf(iso, NOW_MS)).toBe(text));
});

describe('the line of steps', () => {
  const at = (index: number, more: Partial<RolloutStatus> = {}, columns = 80) =>
    textOf(stepsLine(modelOf(changed({ step: step(index), ...more })), { ...FRAME, columns }));

  it.each([
    [0, 'Steps   ▶ 10%  · 2m  · 25%  · analysis  · 50%  ‖ approval  · promote'],
    [5, 'Steps   ✔ 10%  ✔ 2m  ✔ 25%  ✔ analysis  ✔ 50%  ‖ approval  · promote'],
    [6, 'Steps   ✔ 10%  ✔ 2m  ✔ 25%  ✔ analysis  ✔ 50%  ✔ approval  ▶ promote'],
  ])('at index %i', (index, text) => expect(at(index)).toBe(text));

  it('goes around the current one where there is no room', () => {
    expect(at(3, {}, 40)).toBe('Steps   …  ▶ analysis 3/5  · 50%  …');
    expect(at(6, {}, 40)).toBe('Steps   …  ✔ 50%  ✔ approval  ▶ promote');
    expect(at(0, {}, 9)).toBe('Steps   ▶ 10%  …');
  });

  it('is left out where the steps have changed, and where there are none', () => {
    expect(at(3, { step: { ...step(3), hash: 'other' } })).toBeUndefined();
    expect(stepsLine(modelOf(canary({ stage: 'Idle', stable })), FRAME)).toBeUndefined();
  });
});

describe('the line of traffic', () => {
  const weight = (desired: number, observed: number, more: object = {}) =>
    changed({ weight: { desired, observed, ...more } });
  const line = (object: KubeObject, columns = 200) =>
    textOf(trafficLine(modelOf(object), { ...FRAME, columns }))?.slice(8);
  const bars = (full: number) =>
    `stable ${'█'.repeat(20 - full)}${'░'.repeat(full)} ${100 - full * 5}%   canary ${'█'.repeat(full)}${'░'.repeat(20 - full)} ${full * 5}%`;
  const by = '   by HTTPRoute checkout';

  it.each<[string, KubeObject, string]>([
    ['as it is', weight(25, 25), `${bars(5)}${by}`],
    ['not yet there', weight(50, 25), `${bars(5)}   asked for 50%${by}`],
    [
      'going back',
      changed({ stage: 'RollingBack', weight: { desired: 0, observed: 25 } }),
      `${bars(5)}   asked for 0%${by}`,
    ],
    [
      'not confirmed',
      weight(25, 25, { unconfirmed: true }),
      `${bars(5)}   not taken up by the Gateway yet${by}`,
    ],
    [
      'with chosen requests',
      weight(25, 25, { matched: true }),
      `${bars(5)}   matched requests to the canary${by}`,
    ],
    [
      'handed over to the Service',
      changed({ stage: 'Promoting', weight: { desired: 0, observed: 100 } }),
      `${bars(20)}${by}`,
    ],
    [
      'on its way to all',
      changed({ stage: 'Promoting', weight: { desired: 100, observed: 50 } }),
      `${bars(10)}   asked for 100%${by}`,
    ],
    ['without a weight', changed({ weight: undefined }), `${bars(0)}${by}`],
  ])('%s', (_, object, text) => expect(line(object)).toBe(text));

  it('draws a little as something, and not quite all as not all', () => {
    expect(line(weight(1, 1))).toContain('█░░░░░░░░░░░░░░░░░░░ 1%');
    expect(line(weight(99, 99))).toContain('███████████████████░ 99%');
  });

  it.each<[object | undefined, string]>([
    [undefined, 'pods of Service checkout'],
    [{ ingress: { name: 'shop' } }, 'Ingress shop'],
    [{ traefik: { service: 'shop' } }, 'TraefikService shop'],
    [{ alb: { ingress: 'shop' } }, 'Ingress shop'],
    [{ istio: { virtualServices: [{ name: 'a' }, { name: 'b' }] } }, 'VirtualService a, b'],
    [{ gateway: { routes: [{ name: 'a' }, { kind: 'GRPCRoute', name: 'b' }] } }, 'HTTPRoute a, GRPCRoute b'],
    [{ gateway: { template: { parentRefs: [{ name: 'edge' }] } } }, 'HTTPRoute checkout'],
  ])('by %j says %s', (traffic, words) => {
    const { traffic: _, ...spec } = MID_CANARY['spec'] as { traffic: object };
    const object = { ...MID_CANARY, spec: traffic ? { ...spec, traffic } : spec };
    expect(line(object)?.endsWith(`by ${words}`)).toBe(true);
  });

  it('is left out before there is a stable revision', () => {
    expect(line(canary({ canary: next }))).toBeUndefined();
  });
});

describe('the line of versions', () => {
  const line = (object: KubeObject) => textOf(versionLine(modelOf(object), FRAME))?.slice(8);

  it.each<[string, KubeObject, string | undefined]>([
    ['of a first version', canary({ stage: 'Judging', canary: next }), '1.5.0   started 14:02:10'],
    [
      'of a first version that was refused',
      canary({ stage: 'Refused', canary: next, failure: { reason: 'r', message: 'm', at: T('14:05:00') } }),
      '✖ 1.5.0   refused 14:05:00',
    ],
    [
      'that do not tell two apart',
      changed({ canary: { ...next, version: '1.4.2' } }),
      '1.4.2 (aaa) ─▶ 1.4.2 (bbb)   started 14:02:10',
    ],
    ['without a version', changed({ canary: { revision: 'bbb' } }), '1.4.2 ─▶ revision bbb'],
    ['in a bake', BAKING, 'green 1.5.0   since 14:05:40 · 1.4.2 is kept warm'],
    ['on their way back', changed({ stage: 'RollingBack' }), '1.4.2 ◀─ 1.5.0   started 14:02:10'],
    ['of which nothing is known', canary({}), undefined],
  ])('%s', (_, object, text) => expect(line(object)).toBe(text));
});

describe('the title', () => {
  const line = (object: KubeObject, columns = 80) =>
    textOf(titleLine(modelOf(object), { ...FRAME, columns }));

  it('says what is not seen yet and what is being deleted', () => {
    const { metadata } = MID_CANARY;
    expect(line({ ...MID_CANARY, metadata: { ...metadata, generation: 2 } })).toContain(
      'newest spec not seen yet',
    );
    expect(line({ ...MID_CANARY, metadata: { ...metadata, deletionTimestamp: 'x' } })).toContain(
      'being deleted',
    );
  });

  it('cuts a long name, and keeps the phase', () => {
    const { metadata } = MID_CANARY;
    const name = 'a-name-of-many-words-'.repeat(8);
    expect(line({ ...MID_CANARY, metadata: { ...metadata, name } }, 60)).toBe(
      'Canary  shop/a-name-of-many-words-a-name-of-…  ● Progressing',
    );
  });

  it('shows a phase that it does not know', () => {
    expect(phaseSpan('Boarding', GLYPHS)).toEqual({ text: 'Boarding', style: 'strong' });
    expect(phaseSpan(undefined, GLYPHS).text).toBe('Pending');
  });
});

describe('what was recent', () => {
  it('comes newest first, by what the status dates', () => {
    const model = modelOf(
      blueGreen({
        lastAction: { verb: 'pause', nonce: 'n', at: T('14:05:00'), result: 'Accepted' },
        pause: { by: 'User', since: T('14:05:01') },
        fights: {
          weight: { count: 2, manager: 'argocd', at: T('14:06:00') },
          selector: { count: 1, at: 'soon' },
        },
        bake: { revision: 'aaa', startedAt: T('14:04:00') },
      }),
    );
    expect(textOf(recentLine(model, { ...FRAME, columns: 200 }))).toBe(
      'Recent  14:06:00 argocd overwrote weight (2) · 14:05:01 paused on request · 14:05:00 pause accepted · 14:04:00 the bake began',
    );
  });

  it('names what no verb could be read from', () => {
    const lastAction = { verb: '', nonce: 'x', at: T('14:05:00'), result: 'Rejected' as const };
    expect(textOf(recentLine(modelOf(canary({ lastAction })), FRAME))).toBe(
      'Recent  14:05:00 a request rejected',
    );
  });
});

describe('pods', () => {
  const pod = (status: RawPod['status'], metadata: RawPod['metadata'] = {}): RawPod => ({
    metadata: { labels: { 'headway.dev/revision': 'aaa' }, ...metadata },
    status,
  });
  const waiting = (reason: string) => ({ state: { waiting: { reason } } });

  it.each<[string, RawPod['status'], object]>([
    ['ready', { conditions: [{ type: 'Ready', status: 'True' }] }, { ready: 1, troubles: [] }],
    ['on its way', { containerStatuses: [waiting('ContainerCreating')] }, { ready: 0, troubles: [] }],
    [
      'without its image',
      { containerStatuses: [waiting('ImagePullBackOff')] },
      { troubles: [{ reason: 'ImagePullBackOff', pods: 1 }] },
    ],
    [
      'whose init container fails',
      {
        initContainerStatuses: [waiting('CrashLoopBackOff')],
        containerStatuses: [waiting('PodInitializing')],
      },
      { troubles: [{ reason: 'CrashLoopBackOff', pods: 1 }] },
    ],
    [
      'without a node',
      { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
      { troubles: [{ reason: 'Unschedulable', pods: 1 }] },
    ],
    ['with restarts', { containerStatuses: [{ restartCount: 3 }, { restartCount: 1 }] }, { restarts: 4 }],
    ['that says nothing yet', undefined, { all: 1, ready: 0 }],
  ])('one %s', (_, status, expected) => expect(countPods([pod(status)])[0]).toMatchObject(expected));

  it('that end are counted apart, and those of no revision not at all', () => {
    const ending = pod({ conditions: [{ type: 'Ready', status: 'True' }] }, { deletionTimestamp: 'x' });
    expect(
      countPods([{ ...ending, metadata: { ...ending.metadata, labels: { 'headway.dev/revision': 'aaa' } } }]),
    ).toEqual([{ revision: 'aaa', all: 0, ready: 0, ending: 1, restarts: 0, troubles: [] }]);
    expect(countPods([{ metadata: {} }])).toEqual([]);
  });

  const lines = (object: KubeObject, pods: Parameters<typeof modelOf>[1]) =>
    podLines(modelOf(object, pods), FRAME).map(textOf);

  it('are told by their role', () => {
    expect(lines(BAKING, PODS)).toEqual([
      'Pods    active green 2/3 ready, 1 CrashLoopBackOff   kept warm 8/8 ready',
      '        restarts 2',
    ]);
    expect(lines(canary({ stable }), { counts: [] })).toEqual(['Pods    stable no pods']);
    const count = { revision: 'old', all: 1, ready: 1, ending: 1, restarts: 0, troubles: [] };
    expect(lines(canary({ stable }), { counts: [count, { ...count, revision: 'aaa' }] })).toEqual([
      'Pods    stable 1/1 ready, 1 ending   earlier revisions 2',
    ]);
  });

  it('that nobody may list, or nobody looked at', () => {
    expect(lines(MID_CANARY, { unknown: 'not known' })).toEqual(['Pods    not known']);
    expect(lines(MID_CANARY, undefined)).toEqual([]);
  });
});

describe('what may be typed', () => {
  it.each<[RolloutVerb[], string]>([
    [[], ''],
    [['promote', 'promote-full', 'abort'], 'promote [--full]|abort'],
    [['promote-full', 'skip-step'], 'promote --full|skip'],
    [['promote', 'pause'], 'promote|pause'],
    [['board' as RolloutVerb], 'board'],
  ])('for %j is %s', (verbs, text) => expect(typedVerbs(verbs)).toBe(text));

  it('for one verb', () => expect([typed('skip-step'), typed('board')]).toEqual(['skip', 'board']));
});
