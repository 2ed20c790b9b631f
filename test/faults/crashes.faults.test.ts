// SPDX-License-Identifier: Apache-2.0
// An operator that dies after every single write, and the one after it, through the whole life of a Canary.
import { expect } from '@jest/globals';
import { isAt, isPromoted, isRolledBack, readStatus, release } from '../e2e/support/acts.ts';
import { type Act, crashesIn, type Life } from './rig/lives.ts';
import { request, waitsForPerson } from './rig/middle.ts';
import { carrierOf, ROUTE_WRITES, routeWrites, tellRows } from './rig/rows.ts';
import { untilCut } from './rig/scene.ts';

const acts: readonly Act[] = [
  { what: '1.1.0 at half', play: (scene) => release(scene, '1.1.0'), end: isAt(1, 50), isLeftToRest: true },
  {
    what: 'the promotion',
    play: (scene) => request(scene, 'promote'),
    end: isPromoted('1.1.0'),
    isLeftToRest: true,
  },
  { what: '1.2.0 at half', play: (scene) => release(scene, '1.2.0'), end: isAt(1, 50), isLeftToRest: true },
  { what: 'the rollback', play: (scene) => request(scene, 'abort'), end: isRolledBack, isLeftToRest: true },
  { what: '1.3.0 at half', play: (scene) => release(scene, '1.3.0'), end: isAt(1, 50), isLeftToRest: true },
];

const { spec } = waitsForPerson;
const life: Life = { kind: 'Canary', spec, acts };
const modes = ['route', 'gateway', 'ratio'] as const;

tellRows([
  {
    id: 'F04',
    title: 'a crash between the write of the route and that of the status',
    modes: ['route', 'gateway', 'traefik'],
    strike: async (scene) => {
      scene.proxy.rule({
        when: { verb: 'patch', resource: carrierOf(scene.mode) },
        fault: { kind: 'cutAcked' },
        times: 1,
      });
      await release(scene, '1.1.0');
      await untilCut(scene);
      expect((await readStatus(scene.namespace)).weight?.observed ?? 0).toBe(0);
      await scene.restart();
    },
    // the half that its predecessor wrote is read back and not written again
    check: (writes, { mode }) => expect(routeWrites(writes, mode)).toBe(ROUTE_WRITES[mode]),
  },
  {
    id: 'F01',
    title: 'and F06: a crash after every write of a life',
    modes,
    spec,
    ...crashesIn(life, 'cutAcked'),
  },
  {
    id: 'F02',
    title: 'a crash before the answer to every write of a life',
    modes,
    spec,
    ...crashesIn(life, 'cutLost'),
  },
]);
