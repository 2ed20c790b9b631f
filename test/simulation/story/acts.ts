// SPDX-License-Identifier: Apache-2.0
import { RolloutVerb } from '../../../operator/api/rollout-status.ts';
import { resources } from '../../../operator/kube/resources.ts';
import type { Fate } from '../api/faults.ts';
import { specOf } from '../cluster/objects.ts';
import type { Trouble } from '../cluster/prometheus.ts';
import { loseApiServer } from '../outage.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { BLUE_GREEN_ACTS, PREVIEW_RIVALS } from './blue-green.ts';
import { CONFIG_ACTS } from './config.ts';
import { templateFor } from './objects.ts';
import { ask, specify } from './people.ts';
import { RIVALS } from './rivals.ts';
import type { Act } from './story.ts';

type Arg = string | number;

/** A kind of thing that happens in stories. */
export interface ActKind {
  /** How often it is drawn, beside the others. */
  readonly share: number;
  readonly draw: (random: Random) => Arg;
  readonly perform: (world: World, arg: Arg) => void;
  /** Requests may be lost for so long after it, in ms, and it is not the operator's fault. */
  readonly excusesMs?: number;
}

const FATES: readonly [Fate, ...Fate[]] = [
  'lost',
  'dropped',
  'unavailable',
  'failed',
  'failed-late',
  'busy',
  'conflict',
];
const WATCHED = [
  'canaries',
  'deployments',
  'services',
  'endpointslices',
  'pods',
  'ingresses',
  'httproutes',
] as const;

/** What people do who mean well. */
const PEOPLE: Readonly<Record<string, ActKind>> = {
  release: {
    share: 10,
    draw: (random) =>
      random.pick(['2-good', '2-good', '3-good', '3-slow', '1-good', '4-broken', '5-failing', '6-dead']),
    perform: (world, tag) =>
      world.change('user', resources.deployments, 'web', (object) => ({
        ...object,
        spec: { ...specOf(object), template: templateFor(String(tag), world.story.setup) },
      })),
  },
  ask: {
    share: 8,
    draw: (random) => random.pick(RolloutVerb.options as unknown as [RolloutVerb, ...RolloutVerb[]]),
    perform: (world, verb) => ask(world, String(verb)),
  },
  replicas: {
    share: 2,
    draw: (random) => random.int(1, 6),
    perform: (world, replicas) => specify(world, { replicas }),
  },
  suspend: {
    share: 1,
    draw: (random) => random.int(0, 1),
    perform: (world, suspend) => specify(world, { suspend: suspend === 1 }),
  },
  steps: {
    share: 1,
    draw: (random) => random.pick(['10,40', '25,50,75', '100']),
    perform(world, weights) {
      const steps = String(weights)
        .split(',')
        .flatMap((weight) => [{ setWeight: Number(weight) }, { pause: { duration: '3s' } }]);
      specify(world, { steps });
    },
  },
  delete: {
    share: 1,
    draw: () => '',
    perform: (world) => world.remove('user', world.resource, 'web'),
  },
};

/** What breaks between the operator and the API server, and in the operator itself. */
const FAULTS: Readonly<Record<string, ActKind>> = {
  crash: {
    share: 8,
    draw: (random) => random.int(1, 6),
    perform(world, writes) {
      const awayMs = world.random.pick([100, 1500, 1500, 20_000]);
      for (const operator of world.operators) operator.dieAfter(Number(writes), awayMs);
    },
  },
  restart: {
    share: 2,
    draw: (random) => random.pick([50, 2000, 30_000]),
    perform(world, awayMs) {
      for (const operator of world.operators) operator.restart(Number(awayMs));
    },
  },
  'stop-event-loop': {
    share: 2,
    draw: (random) => random.pick([1000, 5000, 20_000, 40_000]),
    perform: (world, ms) => world.operators[0]?.process.stall(Number(ms)),
  },
  'lose-answer': {
    share: 6,
    draw: (random) => random.int(0, 5),
    perform: (world, after) => world.faults.meetWrite(Number(after), 'lost'),
  },
  conflict: {
    share: 3,
    draw: (random) => random.int(0, 5),
    perform: (world, after) => world.faults.meetWrite(Number(after), 'conflict'),
  },
  'bad-calls': {
    share: 4,
    draw: (random) => random.pick(FATES),
    perform(world, fate) {
      const untilMs = world.timeline.now + world.random.int(2000, 30_000);
      world.faults.begin({ untilMs, fate: fate as Exclude<Fate, 'ok'>, probability: 0.4 });
    },
  },
  'api-server-away': {
    share: 2,
    draw: (random) => random.pick([3000, 20_000, 120_000]),
    perform: (world, ms) => loseApiServer(world, Number(ms)),
  },
  'stall-watch': {
    share: 6,
    draw: (random) => random.pick(WATCHED),
    perform: (world, plural) =>
      world.faults.stalledUntil.set(
        plural === 'canaries' ? world.resource.plural : String(plural),
        world.timeline.now + world.random.int(500, 25_000),
      ),
  },
  'break-watches': {
    share: 2,
    draw: () => '',
    perform(world) {
      for (const stream of world.streams) stream.break();
    },
  },
  'expire-watches': {
    share: 2,
    draw: () => '',
    perform(world) {
      world.server.compactedTo = world.server.resourceVersion;
      for (const stream of world.streams) stream.break();
    },
  },
  'stale-lists': {
    share: 3,
    draw: (random) => random.pick([500, 5000, 30_000]),
    perform(world, ms) {
      world.faults.staleByMs = Number(ms);
      world.timeline.after(20_000, () => (world.faults.staleByMs = 0));
      world.operators[0]?.dieAfter(1, 100);
    },
  },
  'slow-slices': {
    share: 2,
    draw: (random) => random.pick([1000, 4000]),
    perform: (world, ms) => world.slices.slowDown(Number(ms)),
  },
  'slow-gateway': {
    share: 2,
    draw: (random) => random.pick([3000, 15_000]),
    perform: (world, ms) => (world.gateways.longestMs = Number(ms)),
  },
  'wall-clock': {
    share: 1,
    draw: (random) => random.pick([-7_200_000, -1000, 1000, 7_200_000]),
    perform(world, ms) {
      for (const operator of world.operators) operator.wallOffsetMs = Number(ms);
    },
  },
  metrics: {
    share: 4,
    draw: (random) => random.pick(['refuses', 'hangs', 'empty', 'nan', 'error', 'well', 'well']),
    perform: (world, trouble) =>
      (world.prometheus.trouble = trouble === 'well' ? undefined : (trouble as Trouble)),
  },
};

export const CALM_ACTS = { ...PEOPLE, ...FAULTS };
export const ACTS: Readonly<Record<string, ActKind>> = { ...CALM_ACTS, ...RIVALS };
/** Acts of stories of a BlueGreen, which has no steps. */
const { steps: _steps, ...calmActs } = CALM_ACTS;
export const CALM_BLUE_GREEN_ACTS = { ...calmActs, ...BLUE_GREEN_ACTS };
export const ALL_BLUE_GREEN_ACTS = { ...CALM_BLUE_GREEN_ACTS, ...RIVALS, ...PREVIEW_RIVALS };

const ALL_ACTS: Readonly<Record<string, ActKind>> = { ...ACTS, ...CONFIG_ACTS, ...ALL_BLUE_GREEN_ACTS };

/** Performs an act on the world as it then is. */
export function perform(world: World, { kind, arg }: Act): void {
  const known = ALL_ACTS[kind];
  if (!known) throw new Error(`no story has an act "${kind}"`);
  if (kind in RIVALS) world.auditor.isRivalled = true;
  if (known.excusesMs !== undefined) world.auditor.excuse(known.excusesMs);
  known.perform(world, arg);
}
