// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { V1, V2 } from './fake-cluster.ts';
import type { FakeCluster } from './fake-cluster.ts';
import { adopted, atStep, changeSpec, releasing, said, shown } from './test-releases.ts';

type Change = (cluster: FakeCluster) => void;

interface Loss {
  readonly lose: Change;
  readonly bring: Change;
  readonly reason: string;
  readonly message: string;
  readonly atRest?: string;
}

const losses: [string, Loss][] = [
  [
    'the Deployment',
    {
      lose: (cluster) => void (cluster.target = undefined),
      bring: (cluster) => cluster.createTarget(V2, 0),
      reason: 'TargetNotFound',
      message: 'Deployment web is not in namespace shop; it is taken up as soon as it is',
      atRest:
        'Deployment web is not in namespace shop; all traffic stays on 1.0; it is taken up as soon as it is',
    },
  ],
  [
    'the Service',
    {
      lose: (cluster) => void (cluster.service = undefined),
      bring: (cluster) => {
        cluster.service = { pin: { kind: 'none' }, endpoints: {} };
        cluster.pin({ kind: 'none' }, 'kubectl');
      },
      reason: 'ServiceNotFound',
      message: 'Service checkout is not in namespace shop; it is taken up as soon as it is',
    },
  ],
  [
    'the Ingress',
    {
      lose: (cluster) => void (cluster.ingressExists = false),
      bring: (cluster) => void (cluster.ingressExists = true),
      reason: 'IngressNotFound',
      message: 'Ingress web is not in namespace shop; it is taken up as soon as it is',
    },
  ],
];

describe.each(losses)('%s that is missing', (_what, { lose, bring, reason, message, atRest = message }) => {
  it('in a release holds everything where it is, and the release goes on when it is back', () => {
    const operator = atStep(1);
    operator.auditor.excused = true;
    operator.takeWrites();
    operator.meanwhile(lose).runFor(3_600_000);
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe(`Holding: Ready=False ${reason}, Stalled`);
    expect(said(operator)).toBe(`step 2/4, 20% on 2.0; held: ${message}`);
    expect(operator.status).toMatchObject({ stage: 'Stepping', step: { index: 1 } });
    operator.meanwhile(bring).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('at rest is said, and Ready again when it is back', () => {
    const operator = adopted();
    operator.auditor.excused = true;
    operator.meanwhile(lose).runFor(60_000);
    expect(shown(operator)).toBe(`Holding: Ready=False ${reason}, Stalled`);
    expect(said(operator)).toBe(atRest);
    operator.meanwhile(bring).runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it('while it is promoted does not undo what is done', () => {
    const operator = releasing().runUntil(({ pinned }) => pinned?.selector === 'revision bbb');
    operator.auditor.excused = true;
    operator.meanwhile(lose).runFor(60_000);
    operator.meanwhile(bring).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});

describe('several problems', () => {
  it('are said at once', () => {
    const operator = adopted();
    operator.meanwhile((cluster) => {
      cluster.target = undefined;
      cluster.service = undefined;
    });
    operator.runUntilIdle();
    expect(said(operator)).toBe(
      'Service checkout is not in namespace shop; it is taken up as soon as it is; Deployment web is not in namespace shop; it is taken up as soon as it is',
    );
  });

  it('of a Service that cannot be governed are its own words', () => {
    const operator = adopted();
    operator.meanwhile(({ service }) => void (service && (service.problem = 'Service checkout is headless')));
    operator.runUntilIdle();
    expect(shown(operator)).toBe('Holding: Ready=False ServiceNotSupported, Stalled');
    expect(said(operator)).toBe('Service checkout is headless');
  });
});

describe('a canary revision whose name is taken', () => {
  it('holds before any traffic moves', () => {
    const operator = adopted();
    operator.cluster.takenNames.push('web-bbb');
    operator.meanwhile((cluster) => cluster.setTemplate(V2)).runUntilIdle();
    expect(shown(operator)).toBe('Holding: Ready=False NameTaken, Stalled');
    expect(said(operator)).toBe('Deployment web-bbb exists and is not of this Canary; rename or delete it');
    expect(operator.takeWrites()).toEqual([]);
    operator.cluster.takenNames.length = 0;
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});

describe('suspend', () => {
  it.each([{ route: true }, { route: false }])(
    'holds everything as it is and goes on from there, route: $route',
    ({ route }) => {
      const operator = atStep(2, { route });
      operator.takeWrites();
      const ready = operator.last?.conditions.find(({ type }) => type === 'Ready');
      changeSpec(operator, { suspend: true }).runFor(3_600_000);
      expect(operator.takeWrites()).toEqual([]);
      expect(shown(operator)).toBe('Suspended: Ready=False Progressing, Suspended');
      expect(operator.last?.conditions.find(({ type }) => type === 'Ready')).toMatchObject({
        status: ready?.status,
      });
      expect(said(operator)).toBe('suspended: nothing is changed until spec.suspend is false');
      expect(operator.status).toMatchObject({ allowedActions: [], observedGeneration: 3 });
      changeSpec(operator, { suspend: false }).runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
    },
  );

  it('at rest keeps Ready True', () => {
    const operator = changeSpec(adopted(), { suspend: true }).runUntilIdle();
    expect(shown(operator)).toBe('Suspended: Ready=True Succeeded, Suspended');
  });

  it('from the first moment leaves everything alone', () => {
    const operator = adopted();
    delete operator.cluster.canary.status;
    changeSpec(operator, { suspend: true }).runUntilIdle();
    expect(shown(operator)).toBe('Suspended: Ready=Unknown Suspended, Suspended');
  });

  it('counts no deadline', () => {
    const operator = releasing({}, { hash: 'bad', broken: true }).runFor(30_000);
    changeSpec(operator, { suspend: true }).runFor(3_600_000);
    changeSpec(operator, { suspend: false }).runFor(10_000);
    expect(operator.status.stage).toBe('Stepping');
  });

  it('takes up a template that came meanwhile', () => {
    const operator = changeSpec(adopted(), { suspend: true }).runUntilIdle();
    operator.meanwhile((cluster) => cluster.setTemplate(V2)).runUntilIdle();
    expect(operator.takeWrites()).toEqual([]);
    changeSpec(operator, { suspend: false }).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});

describe.each([{ route: true }, { route: false }])('replicas, route: $route', ({ route }) => {
  it.each([{ replicas: 8 }, { replicas: 3 }])(
    'that become $replicas at rest are those of stable',
    ({ replicas }) => {
      const operator = changeSpec(adopted({ route }), { replicas }).runUntilIdle();
      const drained = [5, 4].filter((pod) => pod > replicas).map((pod) => `drain web-aaa-${pod}`);
      expect(operator.takeWrites()).toEqual([...drained, `scale web-aaa to ${replicas}`]);
      expect(operator.status.replicas).toBe(replicas);
    },
  );

  it.each([{ replicas: 10 }, { replicas: 3 }])(
    'that become $replicas in a release are followed by both sides',
    ({ replicas }) => {
      const operator = changeSpec(atStep(1, { route }), { replicas }).runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
      expect(operator.cluster.service?.endpoints).toEqual({ bbb: replicas });
      expect(operator.status.replicas).toBe(replicas);
    },
  );

  it('that become 0 take all pods away, and a release waits until there are some', () => {
    const operator = changeSpec(adopted({ route }), { replicas: 0 }).runUntilIdle();
    operator.auditor.excused = true;
    const drained = [5, 4, 3, 2, 1].map((pod) => `drain web-aaa-${pod}`);
    expect(operator.takeWrites()).toEqual([...drained, 'scale web-aaa to 0']);
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    operator.meanwhile((cluster) => cluster.setTemplate(V2)).runUntilIdle();
    expect(operator.status).toMatchObject({ stage: 'Stepping', stable: { revision: 'aaa' } });
    changeSpec(operator, { replicas: 2 }).runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ bbb: 2 });
  });

  it('of the Deployment say nothing once it is adopted', () => {
    const operator = adopted({ route });
    expect(operator.status.specReplicas).toBe(5);
    operator.meanwhile((cluster) => cluster.setTemplate(V1)).runUntilIdle();
    expect(operator.takeWrites()).toEqual([]);
  });
});
