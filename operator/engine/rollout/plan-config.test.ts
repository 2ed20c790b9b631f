// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { FakeTemplate } from './fake-deployment.ts';
import { FakeCluster, V2 } from './fake-cluster.ts';
import { FakeOperator } from './fake-operator.ts';
import { worldOf } from './fake-world.ts';
import { adopted, ask, releasing, said, shown, takeEvents } from './test-releases.ts';

const WITH: FakeTemplate = { hash: 'www', version: '1.0', config: ['app', 'flags'] };

interface Made {
  route?: boolean;
  template?: FakeTemplate;
  spec?: Record<string, unknown>;
}

/** A Deployment that reads from two ConfigMaps, adopted and at rest. */
function configured({ route = true, template = WITH, spec = {} }: Made = {}): FakeOperator {
  const cluster = new FakeCluster({ route, spec });
  cluster.configMaps.set('app', 'a1').set('flags', 'f1');
  cluster.setTemplate(template);
  cluster.advanceTo(cluster.now + 5000);
  const operator = new FakeOperator(cluster).runUntilIdle();
  operator.takeWrites();
  operator.events.length = 0;
  return operator;
}

function change(operator: FakeOperator, name: string, content: string | undefined): FakeOperator {
  return operator.meanwhile(({ configMaps }) => {
    if (content === undefined) configMaps.delete(name);
    else configMaps.set(name, content);
  });
}

function contents({ cluster }: FakeOperator, revision: string | undefined) {
  return Object.fromEntries(cluster.revisions.get(`web-${revision}`)?.copies ?? []);
}

describe('config of a revision', () => {
  it('is copied after its Deployment is made and before it has a pod', () => {
    const cluster = new FakeCluster();
    cluster.configMaps.set('app', 'a1').set('flags', 'f1');
    cluster.setTemplate(WITH);
    const operator = new FakeOperator(cluster).runUntilIdle();
    const revision = operator.status.stable?.revision ?? '';
    expect(operator.takeWrites().slice(0, 4)).toEqual([
      `create web-${revision} with 0`,
      `copy ConfigMap app to app-${revision}`,
      `copy ConfigMap flags to flags-${revision}`,
      `scale web-${revision} to 5`,
    ]);
    expect(contents(operator, revision)).toEqual({ app: 'a1', flags: 'f1' });
    expect(revision).not.toBe('www');
  });

  it('that is not there keeps a Deployment from being adopted until it is', () => {
    const cluster = new FakeCluster();
    cluster.configMaps.set('app', 'a1');
    cluster.setTemplate(WITH);
    const operator = new FakeOperator(cluster).runFor(3_600_000);
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe('Pending: Ready=False ConfigNotFound, Stalled');
    expect(said(operator)).toBe(
      'the template names ConfigMap flags, which is not there; it is taken up as soon as it is',
    );
    change(operator, 'flags', 'f1').runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });
});

describe.each([{ route: true }, { route: false }])('a changed ConfigMap, route: $route', ({ route }) => {
  it('is released like a changed template, and stable keeps what it had', () => {
    const operator = configured({ route });
    const before = operator.status.stable?.revision;
    change(operator, 'app', 'a2').runUntil(({ stage }) => stage === 'Stepping');
    const next = operator.status.canary?.revision;
    expect(next).not.toBe(before);
    expect(takeEvents(operator)).toEqual([
      `NewRevisionDetected: 1.0 (${next}) found beside 1.0 (${before}), with another content of ConfigMap app; 4 steps to go`,
    ]);
    operator.runUntil(({ step }) => step?.index === 1);
    expect(contents(operator, before)).toEqual({ app: 'a1', flags: 'f1' });
    expect(contents(operator, next)).toEqual({ app: 'a2', flags: 'f1' });
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe(next);
  });

  it('a second time during its release replaces what is on its way', () => {
    const operator = change(configured({ route }), 'app', 'a2').runUntil(({ step }) => step?.index === 1);
    change(operator, 'app', 'a3').runUntilIdle();
    expect(operator.status.history?.map(({ outcome }) => outcome)).toEqual(['Promoted', 'Superseded']);
    expect(contents(operator, operator.status.stable?.revision)).toEqual({ app: 'a3', flags: 'f1' });
  });

  it('put back during its release takes the traffic back, and nothing has failed', () => {
    const operator = configured({ route });
    const before = operator.status.stable?.revision;
    change(operator, 'app', 'a2').runUntil(({ step }) => step?.index === 1);
    change(operator, 'app', 'a1').runUntilIdle();
    expect(operator.status.history?.map(({ outcome }) => outcome)).toEqual(['Returned']);
    expect(operator.status.stable?.revision).toBe(before);
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it('together with the template is one release', () => {
    const operator = configured({ route });
    operator.meanwhile((cluster) => {
      cluster.configMaps.set('app', 'a2');
      cluster.setTemplate({ ...WITH, hash: 'xxx', version: '2.0' });
    });
    operator.runUntilIdle();
    expect(operator.status.history?.map(({ outcome }) => outcome)).toEqual(['Promoted']);
  });
});

describe('what is not known of config is no evidence', () => {
  it('a deleted ConfigMap starts no release and is no problem of what runs', () => {
    const operator = change(configured(), 'app', undefined).runUntilIdle();
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    change(operator, 'app', 'a1').runUntilIdle();
    expect(operator.takeWrites()).toEqual([]);
  });

  it('a ConfigMap that is deleted during its release neither ends nor restarts it', () => {
    const operator = change(configured(), 'app', 'a2').runUntil(({ step }) => step?.index === 1);
    const next = operator.status.canary?.revision;
    change(operator, 'app', undefined).runUntilIdle();
    expect(operator.status.stable?.revision).toBe(next);
    expect(operator.status.history?.map(({ outcome }) => outcome)).toEqual(['Promoted']);
  });

  it('a new template that names a missing one is held with the traffic where it is', () => {
    const operator = configured();
    operator.meanwhile((cluster) => {
      cluster.configMaps.delete('app');
      cluster.setTemplate({ ...WITH, hash: 'xxx' });
    });
    operator.runFor(3_600_000);
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe('Holding: Ready=False ConfigNotFound, Stalled');
    change(operator, 'app', 'a2').runUntilIdle();
    expect(operator.status.history?.[0]?.outcome).toBe('Promoted');
  });

  it('a copy that somebody deletes is made again', () => {
    const operator = configured();
    const revision = operator.status.stable?.revision;
    operator.meanwhile((cluster) => void cluster.revisions.get(`web-${revision}`)?.copies.delete('app'));
    operator.runUntilIdle();
    expect(operator.takeWrites()).toEqual([`copy ConfigMap app to app-${revision}`]);
  });

  it('a revision from before config was copied is the same revision', () => {
    const operator = adopted();
    operator.meanwhile((cluster) => {
      cluster.configMaps.set('app', 'a1');
      // as stored before: a template that names a ConfigMap, and a revision without copies of it
      const stored = { ...cluster.target?.template, hash: 'aaa' };
      cluster.setTemplate({ ...stored, config: ['app'] });
    });
    operator.runUntilIdle();
    expect(operator.takeWrites()).toEqual([]);
    operator.meanwhile((cluster) => cluster.setTemplate({ ...V2, config: ['app'] })).runUntilIdle();
    expect(contents(operator, operator.status.stable?.revision)).toEqual({ app: 'a1' });
  });
});

describe('a rollback', () => {
  it('of config leads to the pods that still have the old one', () => {
    const operator = change(configured(), 'app', 'a2').runUntil(({ step }) => step?.index === 1);
    ask(operator, 'abort').runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
    expect(contents(operator, operator.status.stable?.revision)).toEqual({ app: 'a1', flags: 'f1' });
    operator.runFor(3_600_000);
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
    ask(operator, 'retry').runUntilIdle();
    expect(operator.status.history?.[0]?.outcome).toBe('Promoted');
  });
});

describe('config and the other ways of a release', () => {
  it('waits for its admission where releases are managed', () => {
    const operator = configured({ spec: { releasePolicy: 'Managed' } });
    const before = operator.status.stable?.revision;
    change(operator, 'app', 'a2').runFor(600_000);
    expect(operator.status.stable?.revision).toBe(before);
    ask(operator, 'admit', operator.status.canary?.revision).runUntilIdle();
    expect(contents(operator, operator.status.stable?.revision)).toEqual({ app: 'a2', flags: 'f1' });
  });

  it('that was stable lately is gone back to without steps', () => {
    const operator = configured({ spec: { rollbackWindow: { revisions: 1 } } });
    const before = operator.status.stable?.revision;
    change(operator, 'app', 'a2').runUntilIdle();
    expect(operator.status.stable?.revision).not.toBe(before);
    operator.takeWrites();
    const at = operator.cluster.now;
    change(operator, 'app', 'a1').runUntil(({ stable }) => stable?.revision === before);
    expect(operator.takeWrites().filter((write) => /^(create|copy)/.test(write))).toEqual([]);
    expect(operator.cluster.now - at).toBeLessThan(60_000);
    expect(operator.runUntilIdle().status.history?.[0]?.outcome).toBe('Returned');
  });
});

describe('a copy whose name is not free', () => {
  it.each([
    ['taken' as const, 'ConfigMap app-ccc exists and is not of this Canary; rename or delete it'],
    ['leaving' as const, 'ConfigMap app-ccc of a revision before this one is still to be collected'],
  ])('because it is %s holds the release before it has a pod', (state, message) => {
    const operator = releasing();
    operator.auditor.excused = true;
    operator.see = (cluster) => {
      const world = worldOf(cluster);
      const config = [{ kind: 'ConfigMap' as const, name: 'app', copy: 'app-ccc', state }];
      return { ...world, revisions: world.revisions.map((each) => ({ ...each, config })) };
    };
    operator.takeWrites();
    operator.runFor(10_000);
    expect(shown(operator)).toBe('Holding: Ready=False NameTaken, Stalled');
    expect(said(operator)).toMatch(message);
  });
});

describe('a new revision whose Deployment is made', () => {
  const PROBLEM = 'may not get secrets shop/app-ccc: no such right';

  it.each([true, false])('has no pod before its config is surely there (route: %p)', (route) => {
    const operator = configured({ route });
    const before = operator.status.stable?.revision;
    operator.see = (cluster) => {
      const world = worldOf(cluster);
      const revisions = world.revisions.map((each) =>
        each.revision === before
          ? each
          : {
              ...each,
              config: each.config?.map(({ kind, name, copy }) => ({ kind, name, copy, ...UNKNOWN })) ?? [],
            },
      );
      return { ...world, revisions };
    };
    const UNKNOWN = { state: 'there', problem: PROBLEM } as const;
    change(operator, 'app', 'a2').runFor(600_000);
    expect(shown(operator)).toBe('Holding: Ready=False ConfigNotFound, Stalled');
    expect(said(operator)).toContain(`held: ${PROBLEM}`);
    expect(operator.status.stable?.revision).toBe(before);
    operator.see = worldOf;
    operator.runUntilIdle();
    expect(operator.status.history?.[0]?.outcome).toBe('Promoted');
    expect(contents(operator, operator.status.stable?.revision)).toEqual({ app: 'a2', flags: 'f1' });
  });

  it('has none either where a source has gone before it was copied', () => {
    const operator = configured();
    operator.see = (cluster) => {
      const world = worldOf(cluster);
      const config = [{ kind: 'ConfigMap', name: 'app', copy: 'app-x', state: 'missing' } as const];
      const isGone = world.revisions.length > 1;
      const app = { kind: 'ConfigMap', name: 'app', optional: false } as const;
      return !isGone || !world.target
        ? world
        : {
            ...world,
            target: { ...world.target, config: [app] },
            revisions: world.revisions.map((each) => (each.replicas === 0 ? { ...each, config } : each)),
          };
    };
    change(operator, 'app', 'a2').runFor(600_000);
    expect(shown(operator)).toBe('Holding: Ready=False ConfigNotFound, Stalled');
    expect(said(operator)).toContain(
      'held: the template names ConfigMap app, which is not there; it is taken up as soon as it is',
    );
    operator.see = worldOf;
    expect(operator.runUntilIdle().status.history?.[0]?.outcome).toBe('Promoted');
  });
});
