// SPDX-License-Identifier: Apache-2.0
import type { RolloutKind } from '../../operator/engine/rollout/rollout.ts';
import { type Exit, modes, type UsualMode } from '../../test/e2e/support/objects.ts';

/** Seconds by which Traefik and kube-proxy hear of everything later, one phase each. */
export const allDelays = [0, 1, 3.3, 10] as const;

/**
 * Who moves the traffic. `killed`: Headway, its process killed at each write. `kept`: Headway, where clients keep their
 * connections to a plain Service and the app finishes what it has begun. `hasty`: Headway with a `settle` shorter than the
 * delay. `hand`: kubectl, without a wait between the writes.
 */
export const bys = ['headway', 'killed', 'kept', 'hasty', 'hand'] as const;
export type By = (typeof bys)[number];

export type MoveName =
  | 'adoption'
  | 'canary steps'
  | 'promotion'
  | `abort at step ${1 | 2 | 3 | 4}`
  | 'abort in the promotion'
  | 'preview aborted'
  | 'switch'
  | 'return in the bake'
  | 'deletion'
  | 'pods scaled away'
  | 'rolling update'
  | 'selector flip, old pods scaled away'
  | 'weights, flip and scale-down at once';

/** What sends the requests on, as a reader knows it. */
export const routerNames: Readonly<Record<UsualMode, string>> = {
  gateway: 'Gateway',
  route: 'Ingress',
  ratio: 'plain Service',
};

/** A shop with clients of its own, in a namespace of its own, and the moves that are made there one after the other. */
export interface Lane {
  readonly name: string;
  readonly by: By;
  readonly kind: RolloutKind;
  readonly mode: UsualMode;
  readonly exit: Exit;
  readonly replicas: number;
  /** The delays in seconds at which moves are made; at the others there are requests only. */
  readonly delays: readonly number[];
  /** The first and the last move of each round; what comes between them is made in the order given. */
  readonly round: {
    readonly first?: MoveName;
    readonly moves: readonly MoveName[];
    readonly last?: MoveName;
  };
  /** Seconds; by default long enough for the delay. */
  readonly settle?: number;
}

const headway = { first: 'adoption', last: 'deletion' } as const;

const steps = ['canary steps', 'promotion'] as const;
const earlyAborts = ['abort at step 1', 'abort at step 2'] as const;
const lateAborts = ['abort at step 3', 'abort at step 4'] as const;
const blueGreen = ['preview aborted', 'return in the bake', 'switch'] as const;
const byHand = ['pods scaled away', 'rolling update', 'selector flip, old pods scaled away'] as const;

/** By the ratio of pods a quarter of the traffic needs four of them. */
const podsOf = (mode: UsualMode): number => (mode === 'ratio' ? 4 : 2);

/** One at a time: the processes that follow each other take their share of the machine. */
const killedAt: Readonly<Record<UsualMode, readonly number[]>> = { gateway: [0], route: [1], ratio: [3.3] };

const immediate = { exit: 'immediate', delays: allDelays } as const;

function lanesOf(mode: UsualMode): Lane[] {
  const hasWeights = mode !== 'ratio';
  const common = { mode, ...immediate };
  const inPromotion = hasWeights ? (['abort in the promotion'] as const) : [];
  const allAtOnce = hasWeights ? (['weights, flip and scale-down at once'] as const) : [];
  return [
    {
      ...common,
      name: `canary-${mode}`,
      by: 'headway',
      kind: 'Canary',
      replicas: podsOf(mode),
      round: { ...headway, moves: [...steps, ...earlyAborts] },
    },
    {
      ...common,
      name: `aborts-${mode}`,
      by: 'headway',
      kind: 'Canary',
      replicas: podsOf(mode),
      round: { ...headway, moves: [...lateAborts, ...inPromotion] },
    },
    {
      ...common,
      name: `blue-green-${mode}`,
      by: 'headway',
      kind: 'BlueGreen',
      replicas: 2,
      round: { ...headway, moves: blueGreen },
    },
    {
      ...common,
      name: `killed-${mode}`,
      by: 'killed',
      kind: 'Canary',
      replicas: podsOf(mode),
      delays: killedAt[mode],
      round: { ...headway, moves: [...steps, 'abort at step 4'] },
    },
    {
      ...common,
      name: `hand-${mode}`,
      by: 'hand',
      kind: 'Canary',
      replicas: 4,
      round: { moves: [...byHand, ...allAtOnce] },
    },
  ];
}

const special: readonly Lane[] = [
  {
    ...immediate,
    name: 'killed-blue-green',
    by: 'killed',
    kind: 'BlueGreen',
    mode: 'ratio',
    replicas: 2,
    delays: [10],
    round: { ...headway, moves: ['return in the bake', 'switch'] },
  },
  {
    name: 'kept-ratio',
    by: 'kept',
    kind: 'Canary',
    mode: 'ratio',
    exit: 'graceful',
    replicas: 4,
    delays: [0],
    round: { ...headway, moves: [...steps, 'abort at step 4'] },
  },
  {
    ...immediate,
    name: 'hasty-route',
    by: 'hasty',
    kind: 'Canary',
    mode: 'route',
    replicas: 2,
    delays: [10],
    settle: 1,
    round: { ...headway, moves: [...steps, 'abort at step 4'] },
  },
];

export const lanes: readonly Lane[] = [...modes.flatMap(lanesOf), ...special];

/** Requests of all shops of a turn together. */
export const leastPerSecond = 510;

/**
 * Those that are played beside each other: the shops of one router, then of the next one, and last those whose operator is
 * killed. The pods of all shops at once, and the processes that follow each other, leave two cores no time for the requests.
 */
export function turnsOf(some: readonly Lane[]): Lane[][] {
  return turnNames
    .map((turn) => some.filter((lane) => turnOf(lane) === turn))
    .filter((turn) => turn.length > 0);
}

const turnNames = [...modes, 'killed'] as const;

function turnOf({ by, mode }: Pick<Lane, 'by' | 'mode'>): (typeof turnNames)[number] {
  return by === 'killed' ? 'killed' : mode;
}

/** Requests a second of a shop: its share among all shops of its turn, whoever else is left out. */
export function rateOf(lane: Pick<Lane, 'by' | 'mode'>): number {
  return Math.ceil(leastPerSecond / lanes.filter((one) => turnOf(one) === turnOf(lane)).length);
}

/** Traefik's own throttle is 2 s, and a busy machine takes a moment more. The default holds where nothing is late. */
export function settleOf(lane: Pick<Lane, 'settle'>, delaySeconds: number): number {
  return lane.settle ?? Math.max(5, Math.ceil(delaySeconds) + 5);
}

/** How long pods outlive their last request: longer than anybody can be behind; the least there is where `settle` is hasty. */
export function scaleDownDelayOf(lane: Pick<Lane, 'settle'>, delaySeconds: number): number {
  return lane.settle === undefined ? Math.max(10, settleOf(lane, delaySeconds)) : 0;
}

/**
 * How many lanes may make a move at the same time. Of more the pods that start leave two cores no time for the requests:
 * probes time out, and pods that serve are called unready. Where a move waits longer there is room for more.
 */
export function movesAtOnce(delaySeconds: number): number {
  return Math.min(4, Math.round(0.5 + settleOf({}, delaySeconds) / 2));
}
