// SPDX-License-Identifier: Apache-2.0
// As crashes.faults.test.ts, through the whole life of a BlueGreen; a file of its own, for both take long.
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import { isPreviewed, isRolledBack, release } from '../e2e/support/acts.ts';
import { type Act, crashesIn, type Life } from './rig/lives.ts';
import { request, waitsForPerson } from './rig/middle.ts';
import { tellRows } from './rig/rows.ts';

const isBaking = ({ stage }: RolloutStatus): boolean => stage === 'Baking';

const acts: readonly Act[] = [
  previewOf('1.1.0'),
  { what: 'the switch', play: (scene) => request(scene, 'promote'), end: isBaking, isLeftToRest: true },
  {
    what: 'the return in the bake',
    play: (scene) => request(scene, 'abort'),
    end: isRolledBack,
    isLeftToRest: true,
  },
  previewOf('1.2.0'),
];

function previewOf(version: string): Act {
  return {
    what: `the preview of ${version}`,
    play: (scene) => release(scene, version),
    end: isPreviewed(version),
    isLeftToRest: true,
  };
}

const spec = { ...waitsForPerson.blueGreen.spec, bake: { duration: '1h' } };
const life: Life = { kind: 'BlueGreen', spec, acts };

tellRows([
  {
    id: 'F01',
    title: 'and F06: a crash after every write of a life',
    modes: [],
    blueGreen: { modes: ['ratio', 'route'], spec },
    ...crashesIn(life, 'cutAcked'),
  },
  {
    id: 'F02',
    title: 'a crash before the answer to every write of a life',
    modes: [],
    blueGreen: { modes: ['ratio'], spec },
    ...crashesIn(life, 'cutLost'),
  },
]);
