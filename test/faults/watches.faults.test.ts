// SPDX-License-Identifier: Apache-2.0
// What the operator hears, or does not.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { ask, isPromoted, readStatus, release, stays } from '../e2e/support/acts.ts';
import { canaryServiceOf } from '../e2e/support/kinds.ts';
import { refusal } from './proxy/effects.ts';
import { standsFor, toMiddle, waitsForPerson } from './rig/middle.ts';
import { setReady, untilEndpoints } from './rig/readiness.ts';
import { comeToRest, type FaultRow, ROUTE_WRITES, routeWrites, tellRows } from './rig/rows.ts';
import { type Scene, until } from './rig/scene.ts';

const watches = { verb: 'watch' } as const;

/** What a plan looks at beside the Canary. */
const OBJECTS = ['deployments', 'services', 'ingresses', 'httproutes', 'endpointslices', 'pods'];

/** Stops between the two halves of a release. */
const halfway = standsFor('5s');
const { spec } = halfway;

/** Lists that were answered; what the API server does not serve is asked for every half minute, fault or not. */
function listed({ proxy }: Scene): number {
  return proxy.seen({ verb: 'list' }).filter(({ status }) => status === 200).length;
}

/**
 * All pods of the new version are unready and ready again, and the operator hears of it too late or never: by its state it is
 * what it was, and nothing is done about it.
 */
function hidden(title: string, hide: (scene: Scene) => () => void): FaultRow {
  return {
    id: 'F17',
    title,
    modes: ['route', 'gateway', 'ratio'],
    ...waitsForPerson,
    strike: async (scene) => {
      await toMiddle(scene);
      const { canary } = await readStatus(scene.namespace, scene.kind);
      const { service, all, rest } = placeOf(scene);
      // what this step has to drain has gone, so that nothing is left to be written
      await comeToRest(scene, 4_000);
      await untilEndpoints(scene, service, all);
      const show = hide(scene);
      await setReady(scene, canary?.revision ?? '', false);
      await untilEndpoints(scene, service, rest);
      await setReady(scene, canary?.revision ?? '', true);
      await untilEndpoints(scene, service, all);
      const before = scene.proxy.seen({ verb: 'write' }).length;
      show();
      await stays(
        scene,
        'the step of the middle',
        ({ stage, step }) => stage === 'Stepping' && step?.index === 1,
        5_000,
      );
      const since = scene.proxy.seen({ verb: 'write' }).slice(before);
      expect(since.filter(({ call }) => call.subresource !== 'status')).toEqual([]);
      await ask(scene, 'promote');
    },
    check: (writes, { mode }) => expect(routeWrites(writes, mode)).toBe(ROUTE_WRITES[mode]),
  };
}

/** The Service that finds the new pods in the middle, and how many it finds with them and without. */
function placeOf({ kind, mode }: Scene): { service: string; all: number; rest: number } {
  if (kind === 'BlueGreen') return { service: canaryServiceOf(kind, 'shop'), all: 2, rest: 0 };
  if (mode === 'ratio') return { service: 'shop', all: 2, rest: 1 };
  return { service: canaryServiceOf(kind, 'shop'), all: 1, rest: 0 };
}

/** An event of this kind comes on every watch, and what it does to a reflector must stay bounded. */
function inject(
  id: string,
  title: string,
  event: object,
  { lists, ...how }: Pick<FaultRow, 'spec' | 'blueGreen'> & { lists: number },
): FaultRow {
  return {
    id,
    title,
    ...how,
    strike: async (scene) => {
      await toMiddle(scene);
      const before = listed(scene);
      const open = scene.proxy.open(watches);
      expect(open).toBeGreaterThan(5);
      scene.proxy.inject(watches, event);
      await until(scene, 'the end of the release', isPromoted('1.1.0'), 60_000);
      expect(listed(scene) - before).toBeLessThanOrEqual(lists * open);
    },
  };
}

const UNKNOWN = { type: 'PERHAPS', object: { metadata: { name: 'x' } } };

const errorEvent = (code: number, reason: string): object => ({
  type: 'ERROR',
  object: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: reason },
});

tellRows([
  inject('F19', '410 as an ERROR event', errorEvent(410, 'Expired'), { lists: 1, ...halfway }),
  inject('F19', '500 as an ERROR event', errorEvent(500, 'InternalError'), { lists: 0, spec }),
  inject('F20', 'an event of an unknown type', UNKNOWN, { lists: 0, spec }),
  {
    id: 'F18',
    title: '410 at the start of every watch, three times',
    ...halfway,
    strike: async (scene) => {
      await toMiddle(scene);
      const open = scene.proxy.open(watches);
      const before = listed(scene);
      const answer = {
        status: 410,
        body: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' },
      };
      scene.proxy.rule({ when: watches, fault: { kind: 'answer', answer }, times: 3 * open });
      scene.proxy.cut();
      scene.proxy.mend();
      await until(scene, 'the end of the release', isPromoted('1.1.0'), 60_000);
      expect(listed(scene) - before).toBeLessThanOrEqual(6 * open);
    },
  },
  {
    id: 'F21',
    title: 'watches that fall silent',
    spec,
    strike: async (scene) => {
      scene.proxy.silence(watches);
      await release(scene, '1.1.0');
      const since = performance.now();
      await until(scene, 'the release to be noticed', ({ stage }) => stage === 'Stepping', 100_000);
      expect(performance.now() - since).toBeLessThan(95_000 * scene.patience);
    },
  },
  hidden('pods that were unready while nobody heard of it, which is heard of when it is over', (scene) => {
    const release = ['endpointslices', 'pods', 'deployments'].map((resource) =>
      scene.proxy.hold({ verb: 'watch', resource }),
    );
    return () => {
      for (const hear of release) hear();
    };
  }),
  hidden('pods that were unready while nobody heard of it, which is never heard of', (scene) => {
    scene.proxy.silence(watches);
    return () => {
      // the watches begin anew where they were, are told that this is too long ago, and list what is there now
      const expired = refusal(410, 'Expired', 'too old');
      const open = scene.proxy.open(watches);
      scene.proxy.rule({ when: watches, fault: { kind: 'answer', answer: expired }, times: open });
      scene.proxy.cut();
      scene.proxy.mend();
    };
  }),
  {
    id: 'F14',
    title: 'own writes that are heard of seconds later',
    modes: ['route', 'gateway', 'ratio'],
    blueGreen: { modes: ['route', 'ratio'] },
    strike: async (scene) => {
      const hear = ['canaries', 'bluegreens', 'services', 'ingresses', 'httproutes'].map((resource) =>
        scene.proxy.hold({ verb: 'watch', resource }),
      );
      await release(scene, '1.1.0');
      const before = scene.proxy.seen({ verb: 'create', resource: 'deployments' }).length;
      await delay(6_000);
      for (const listen of hear) listen();
      await until(scene, 'the end of the release', isPromoted('1.1.0'), 60_000);
      expect(
        scene.proxy.seen({ verb: 'create', resource: 'deployments' }).length - before,
      ).toBeLessThanOrEqual(1);
    },
  },
  {
    id: 'F12',
    title: 'LIST answers an old snapshot after a restart',
    modes: ['route', 'gateway', 'ratio'],
    ...halfway,
    strike: async (scene) => {
      await toMiddle(scene);
      const held = OBJECTS.flatMap((resource) => {
        const current = scene.proxy.rule({ when: { verb: 'list', resource }, fault: { kind: 'replay' } });
        return [current, scene.proxy.hold({ verb: 'watch', resource })];
      });
      scene.proxy.cut();
      await scene.restart();
      await delay(5_000);
      for (const letGo of held) letGo();
    },
  },
  {
    id: 'F62',
    title: 'EndpointSlices are heard of ten seconds late',
    modes: ['route', 'gateway', 'ratio'],
    ...halfway,
    strike: async (scene) => {
      await toMiddle(scene);
      const hear = scene.proxy.hold({ verb: 'watch', resource: 'endpointslices' });
      await stays(
        scene,
        'nothing is stable before its EndpointSlices say so',
        ({ stable }) => stable?.version === '1.0.0',
        10_000,
      );
      hear();
    },
  },
]);
