// SPDX-License-Identifier: Apache-2.0
import { resources } from '../../../operator/kube/resources.ts';
import { CANARY_SERVICE } from '../cluster/names.ts';
import { specOf } from '../cluster/objects.ts';
import type { Random } from '../random.ts';
import type { ActKind } from './acts.ts';
import { ask, specify } from './people.ts';
import { selectorFor } from './rivals.ts';
import type { BlueGreenSetup } from './story.ts';

export function drawBlueGreen(random: Random): BlueGreenSetup {
  return {
    ...(random.chance(0.3) ? { previewReplicas: random.int(1, 3) } : {}),
    promotes: random.pick<BlueGreenSetup['promotes']>(['at once', 'a person', 'a person', 5000, 20_000]),
    isServedBesideCanaries: random.chance(0.5),
  };
}

/** What people do with a BlueGreen alone. */
export const BLUE_GREEN_ACTS: Readonly<Record<string, ActKind>> = {
  promote: {
    share: 8,
    draw: () => '',
    perform: (world) => ask(world, 'promote'),
  },
  promotes: {
    share: 1,
    draw: (random) => random.pick(['at once', 'a person', '3s']),
    perform: (world, how) =>
      specify(world, {
        autoPromote: how !== 'a person',
        autoPromoteAfter: how === '3s' ? how : undefined,
      }),
  },
  'preview-replicas': {
    share: 1,
    draw: (random) => random.int(1, 3),
    perform: (world, previewReplicas) => specify(world, { previewReplicas }),
  },
};

/** What others do with the preview Service, by which only a route sends clients. */
export const PREVIEW_RIVALS: Readonly<Record<string, ActKind>> = {
  'rival-preview': {
    share: 5,
    draw: (random) => random.pick(['user', 'stable', 'canary', 'nothing', 'deleted']),
    perform(world, what) {
      world.auditor.isRivalled = true;
      world.auditor.excusePreview(90_000);
      if (world.story.setup.router !== 'service') world.auditor.excuse(90_000);
      if (what === 'deleted') return world.remove('rival', resources.services, CANARY_SERVICE);
      world.change('rival', resources.services, CANARY_SERVICE, (service) => ({
        ...service,
        spec: { ...specOf(service), ...selectorFor(world, String(what)) },
      }));
    },
  },
};
