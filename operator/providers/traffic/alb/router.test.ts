// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../kube/objects.ts';
import { albRouter } from './router.ts';
import {
  actionIn,
  actionOf,
  annotatedBy,
  groupsIn,
  ingressWith,
  KEY,
  targetFor,
  written,
} from './test-objects.ts';

const { observe, planWeight, planRest } = albRouter;

const NOTE = 'headway.dev/before-checkout';
const ALONE = actionOf('checkout:80');

function at(weight: number, ingress: KubeObject): KubeObject {
  return written(ingress, planWeight(targetFor(ingress), { weight })[0]);
}

function rested(ingress: KubeObject): KubeObject {
  return written(ingress, planRest(targetFor(ingress))[0]);
}

const calm = { matched: false, outdated: false, placeFirst: true, problems: [], exceptions: [] };

/** Actions as people write them, and the target groups at 0, 1, 20 and 100 percent. */
const SHAPES: readonly { title: string; text: string; at: Record<number, string> }[] = [
  {
    title: 'one target group without a weight',
    text: ALONE,
    at: {
      0: 'checkout:80=100, checkout-canary:80=0',
      1: 'checkout:80=99, checkout-canary:80=1',
      20: 'checkout:80=80, checkout-canary:80=20',
      100: 'checkout:80=0, checkout-canary:80=100',
    },
  },
  {
    title: 'one target group with a weight and a named port, over several lines',
    text: JSON.stringify(JSON.parse(actionOf('checkout:http=7')), null, 2),
    at: {
      0: 'checkout:http=100, checkout-canary:http=0',
      20: 'checkout:http=80, checkout-canary:http=20',
      100: 'checkout:http=0, checkout-canary:http=100',
    },
  },
  {
    title: 'beside a group that keeps its share',
    text: actionOf('legacy:80=30', 'checkout:80=70'),
    at: {
      0: 'legacy:80=30, checkout:80=70, checkout-canary:80=0',
      1: 'legacy:80=300, checkout:80=693, checkout-canary:80=7',
      20: 'legacy:80=30, checkout:80=56, checkout-canary:80=14',
      100: 'legacy:80=30, checkout:80=0, checkout-canary:80=70',
    },
  },
  {
    title: 'beside a group that gets nothing',
    text: actionOf('checkout:80=1', 'off:80=0'),
    at: {
      0: 'checkout:80=100, checkout-canary:80=0, off:80=0',
      20: 'checkout:80=80, checkout-canary:80=20, off:80=0',
    },
  },
  {
    title: 'beside a group where no whole numbers up to 999 divide its share',
    text: actionOf('legacy:80=5', 'checkout:80=95'),
    at: {
      1: 'legacy:80=50, checkout:80=940, checkout-canary:80=10',
      20: 'legacy:80=5, checkout:80=76, checkout-canary:80=19',
      33: 'legacy:80=50, checkout:80=636, checkout-canary:80=314',
    },
  },
  {
    title: 'with the Service under two ports',
    text: actionOf('checkout:80=1', 'checkout:8080=3'),
    at: {
      50: 'checkout:80=1, checkout-canary:80=1, checkout:8080=3, checkout-canary:8080=3',
      100: 'checkout:80=0, checkout-canary:80=1, checkout:8080=0, checkout-canary:8080=3',
    },
  },
];

describe.each(SHAPES)('an action $title', ({ text, at: expected }) => {
  it.each(Object.entries(expected))('at %s percent', (weight, groups) => {
    const ingress = at(Number(weight), ingressWith(text));
    expect(groupsIn(actionIn(ingress))).toBe(groups);
    expect(observe(targetFor(ingress))).toEqual({ ...calm, weight: Number(weight), exists: true });
    expect(planWeight(targetFor(ingress), { weight: Number(weight) })).toEqual([]);
  });

  it('comes back to the byte from each weight, over any other', () => {
    const before = ingressWith(text);
    for (const weight of Object.keys(expected)) {
      const moved = at(Number(weight), at(37, before));
      const back = rested(moved);
      expect(back.metadata.annotations).toEqual(before.metadata.annotations);
      expect(observe(targetFor(back))).toEqual({ ...calm, weight: 0, exists: false });
      expect(planRest(targetFor(back))).toEqual([]);
    }
  });
});

describe('every percent beside every weight that is not refused', () => {
  it.each([
    [50, 50],
    [95, 5],
    [33, 67],
    [1, 9],
    [100, 999],
    [999, 1],
  ])('%d beside %d is said so that it is read back, and comes back', (own, other) => {
    const before = ingressWith(actionOf(`checkout:80=${own}`, `legacy:80=${other}`));
    for (let weight = 0; weight <= 100; weight++) {
      const ingress = at(weight, before);
      expect(observe(targetFor(ingress))).toEqual({ ...calm, weight, exists: true });
      expect(actionIn(rested(ingress))).toBe(actionIn(before));
    }
  });
});

describe('what Go reads, and what it does not', () => {
  it('finds members in any case and keeps their spelling, their order and what is unknown', () => {
    const text =
      '{ "Type": "forward", "x": {"b": 1, "a": [2]}, "ForwardConfig": {"TargetGroups": [' +
      '{"ServiceName": "checkout", "y": null, "ServicePort": 80, "Weight": 4}]} }';
    const ingress = at(20, ingressWith(text));
    expect(actionIn(ingress)).toBe(
      '{"Type":"forward","x":{"b":1,"a":[2]},"ForwardConfig":{"TargetGroups":[' +
        '{"ServiceName":"checkout","y":null,"ServicePort":80,"Weight":80},' +
        '{"ServiceName":"checkout-canary","y":null,"ServicePort":80,"Weight":20}]}}',
    );
    expect(actionIn(rested(ingress))).toBe(text);
  });

  it('keeps a target group that is named by its ARN', () => {
    const text =
      '{"type":"forward","forwardConfig":{"targetGroups":[' +
      '{"targetGroupARN":"arn:aws:x","weight":1},{"serviceName":"checkout","servicePort":"80","weight":1}]}}';
    const ingress = at(50, ingressWith(text));
    expect(actionIn(ingress)).toContain('[{"targetGroupARN":"arn:aws:x","weight":2},');
    expect(actionIn(rested(ingress))).toBe(text);
  });
});

describe('clients that stick to a target group', () => {
  function sticky(enabled: boolean, ...groups: string[]): string {
    const config = `],"targetGroupStickinessConfig":{"enabled":${enabled},"durationSeconds":600}}`;
    return actionOf(...groups).replace(']}', config);
  }

  it.each([
    [0, false],
    [20, true],
    [100, false],
  ])('at %d percent they do: %s', (weight, enabled) => {
    const ingress = at(weight, ingressWith(sticky(true, 'checkout:80')));
    expect(actionIn(ingress)).toContain(
      `"targetGroupStickinessConfig":{"enabled":${enabled},"durationSeconds":600}`,
    );
    expect(actionIn(rested(ingress))).toBe(sticky(true, 'checkout:80'));
  });

  it('do not where they did not before', () => {
    const ingress = at(100, ingressWith(sticky(false, 'checkout:80')));
    expect(actionIn(rested(ingress))).toBe(sticky(false, 'checkout:80'));
  });

  it('do again at rest although somebody has changed another weight meanwhile', () => {
    const ingress = at(0, ingressWith(sticky(true, 'checkout:80=70', 'legacy:80=30')));
    const text = (actionIn(ingress) ?? '').replace('"weight":30', '"weight":40');
    const back = rested(annotatedBy('somebody', ingress, { [KEY]: text }));
    expect(actionIn(back)).toBe(sticky(true, 'checkout:80=70', 'legacy:80=40'));
  });

  it('follow the weight late, which is said', () => {
    expect(observe(targetFor(ingressWith(sticky(true, 'checkout:80')))).exceptions).toEqual([
      'clients stay with the target group that they got first for 600 s (targetGroupStickinessConfig), so that the share of requests follows the weight late; with 0 and 100% for the canary they do not',
    ]);
  });
});

describe('what somebody else writes meanwhile', () => {
  const field = `metadata.annotations[${KEY}] of Ingress web`;
  const TWO = actionOf('checkout:80=70', 'legacy:80=30');
  const moved = at(20, ingressWith(TWO));

  it('is put right and named where GitOps has written the annotation anew', () => {
    const ingress = annotatedBy('argocd', moved, { [KEY]: TWO });
    expect(observe(targetFor(ingress))).toEqual({
      ...calm,
      weight: 0,
      exists: false,
      outdated: true,
      overwritten: { field, manager: 'argocd' },
    });
    expect(groupsIn(actionIn(at(20, ingress)))).toBe('checkout:80=56, checkout-canary:80=14, legacy:80=30');
    expect(actionIn(rested(at(20, ingress)))).toBe(TWO);
  });

  it('is put right and named where the weight is another', () => {
    const text = (actionIn(moved) ?? '')
      .replace('"weight":56', '"weight":0')
      .replace('"weight":14', '"weight":70');
    const ingress = annotatedBy('kubectl', moved, { [KEY]: text });
    expect(observe(targetFor(ingress))).toMatchObject({
      weight: 100,
      overwritten: { field, manager: 'kubectl' },
    });
    expect(actionIn(rested(at(20, ingress)))).toBe(TWO);
  });

  it('is kept where it is the weight of another group', () => {
    const text = (actionIn(moved) ?? '').replace('"weight":30', '"weight":50');
    const ingress = annotatedBy('kubectl', moved, { [KEY]: text });
    expect(observe(targetFor(ingress)).overwritten).toBeUndefined();
    expect(groupsIn(actionIn(rested(ingress)))).toBe('checkout:80=70, legacy:80=50');
  });

  it('is left alone where only white space differs', () => {
    const text = JSON.stringify(JSON.parse(actionIn(moved) ?? ''), null, 1);
    const ingress = annotatedBy('kubectl', moved, { [KEY]: text });
    expect(observe(targetFor(ingress))).toEqual({ ...calm, weight: 20, exists: true });
    expect(actionIn(rested(ingress))).toBe(TWO);
  });

  it('counts as what the load balancer had before where it is no JSON, and is left alone', () => {
    const ingress = annotatedBy('kubectl', moved, { [KEY]: '{' });
    expect(observe(targetFor(ingress))).toMatchObject({
      weight: 20,
      exists: true,
      outdated: false,
      overwritten: { field, manager: 'kubectl' },
    });
    expect(planWeight(targetFor(ingress), { weight: 0 })).toEqual([]);
    expect(actionIn(rested(ingress))).toBe('{');
  });

  it('leaves nothing of ours behind where the annotation is gone', () => {
    const ingress = annotatedBy('kubectl', moved, { [KEY]: undefined });
    expect(observe(targetFor(ingress))).toMatchObject({ weight: 0, exists: false, outdated: true });
    expect(planWeight(targetFor(ingress), { weight: 20 })).toEqual([]);
    const back = rested(ingress);
    expect(Object.keys(back.metadata.annotations ?? {})).toEqual(['alb.ingress.kubernetes.io/scheme']);
  });

  it('may take the note away: the weights are right all the same', () => {
    const ingress = annotatedBy('kubectl', moved, { [NOTE]: undefined });
    expect(observe(targetFor(ingress))).toMatchObject({ weight: 20, exists: true, problems: [] });
    expect(groupsIn(actionIn(rested(at(0, ingress))))).toBe('checkout:80=70, legacy:80=30');
  });
});

describe('the contract of the port', () => {
  it('plans nothing where there is no Ingress, or one that is about to go', () => {
    const ingress = ingressWith(ALONE);
    ingress.metadata.deletionTimestamp = '2026-11-21T10:00:00Z';
    for (const target of [targetFor(undefined), targetFor(ingress)]) {
      expect(planWeight(target, { weight: 20 })).toEqual([]);
      expect(planRest(target)).toEqual([]);
      expect(observe(target)).toMatchObject({ weight: 0, exists: false, outdated: false });
    }
  });

  it('writes one patch that tests the version, and notes the text in it', () => {
    const ingress = ingressWith(ALONE);
    const [write, ...more] = planWeight(targetFor(ingress), { weight: 20, matched: true });
    expect(more).toEqual([]);
    expect(write).toMatchObject({ kind: 'patch', resource: 'ingresses', namespace: 'shop', name: 'web' });
    const note = written(ingress, write).metadata.annotations?.[NOTE] ?? '';
    expect(JSON.parse(note)).toMatchObject({ weight: 20, matched: false, rules: [{ text: ALONE }] });
  });

  it.each([-1, 101, 0.5, Number.NaN])('refuses %d percent', (weight) => {
    expect(() => planWeight(targetFor(ingressWith(ALONE)), { weight })).toThrow(RangeError);
  });

  it('reads an action of another name and prefix', () => {
    const ingress = ingressWith(undefined, { annotations: { 'alb.corp/actions.root': ALONE } });
    const target = targetFor(ingress, { action: 'root', annotationPrefix: 'alb.corp' });
    const [write] = planWeight(target, { weight: 20 });
    const { annotations } = written(ingress, write).metadata;
    expect(groupsIn(annotations?.['alb.corp/actions.root'])).toBe('checkout:80=80, checkout-canary:80=20');
  });
});
