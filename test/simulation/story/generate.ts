// SPDX-License-Identifier: Apache-2.0
import { createRandom, type Random } from '../random.ts';
import { ACTS, ALL_BLUE_GREEN_ACTS, CALM_ACTS, CALM_BLUE_GREEN_ACTS, type ActKind } from './acts.ts';
import { drawBlueGreen } from './blue-green.ts';
import { CONFIG_ACTS } from './config.ts';
import type { Act, Setup, Story } from './story.ts';

const ROUTERS = ['ingress', 'gateway', 'own-route', 'service'] as const;
/** Seeds from here on are stories of a BlueGreen. */
export const BLUE_GREEN_FROM = 10_000_000;
/** A BlueGreen moves its traffic by the selector first of all. */
const BLUE_GREEN_ROUTERS = ['service', 'service', 'service', ...ROUTERS] as const;
/** Seeds from here on are stories of a first version that is judged, of a Canary or a BlueGreen. */
export const FIRST_FROM = 20_000_000;
const LONGEST_MS = 150_000;

/** The story of a seed: the same on every machine. */
export function generateStory(seed: string): Story {
  const random = createRandom(`story ${seed}`);
  const isFirst = Number(seed) >= FIRST_FROM;
  const isBlueGreen = isFirst ? random.fork('kind').chance(0.5) : Number(seed) >= BLUE_GREEN_FROM;
  const served = isBlueGreen ? drawBlueGreenSetup(random) : drawSetup(random, random.pick(ROUTERS));
  const drawn = isFirst ? judgedFirst(random.fork('first'), served) : served;
  const setup = withOther(random.fork('other'), withAlb(random.fork('alb'), drawn));
  const isWild = random.chance(0.4);
  const [calm, wild] = isBlueGreen ? [CALM_BLUE_GREEN_ACTS, ALL_BLUE_GREEN_ACTS] : [CALM_ACTS, ACTS];
  return withConfig(random.fork('config'), { seed, setup, acts: drawActs(random, isWild ? wild : calm) });
}

/**
 * The seed of the index-th story, from 0: two of a Canary, one of a BlueGreen and one of a first version in turn, each
 * from the beginning of its own range.
 */
export function mixedSeed(index: number): string {
  const round = Math.floor(index / 4);
  const froms = [1 + round, 2 + round, BLUE_GREEN_FROM, FIRST_FROM];
  return String((froms[index % 4] ?? 0) + round);
}

/** Nobody asks it yet, so that requests say nothing of it; more of them than of others are not judged by these. */
function judgedFirst(random: Random, setup: Setup): Setup {
  return {
    ...setup,
    first: random.pick(['1-good', '1-good', '3-slow', '4-broken', '6-dead']),
    analysis: random.chance(0.5) ? 'none' : setup.analysis,
  };
}

/** In some stories an ALB stands in the place of the Ingress controller. The others are what they were without. */
function withAlb(random: Random, setup: Setup): Setup {
  if (setup.router !== 'ingress' || !random.chance(0.4)) return setup;
  const { isMatched: _none, ...kept } = setup;
  // it takes up new target groups in a configuration of their own
  return { ...kept, router: 'alb', throttleMs: setup.throttleMs / 2 };
}

/** In some a TraefikService or a VirtualService stands in the place of the user's HTTPRoute. */
function withOther(random: Random, setup: Setup): Setup {
  if (setup.router !== 'gateway' || !random.chance(0.5)) return setup;
  const router = random.pick(['traefik', 'istio'] as const);
  // who hears of a destination learns how to speak to it in a configuration of its own
  if (router === 'istio') return { ...setup, router, throttleMs: setup.throttleMs / 2 };
  const { isMatched: _none, ...kept } = setup;
  return { ...kept, router };
}

/** Some stories have pods that read from a ConfigMap and a Secret, and people who change them. */
function withConfig(random: Random, story: Story): Story {
  if (!random.chance(0.25)) return story;
  const changes = Array.from({ length: random.int(0, 3) }, () => drawAct(random, CONFIG_ACTS, LONGEST_MS));
  return {
    ...story,
    setup: { ...story.setup, config: random.pick(['Versioned', 'Versioned', 'Live']) },
    acts: inOrder([...story.acts, ...changes]),
  };
}

function inOrder(acts: readonly Act[]): Act[] {
  return acts.toSorted((a, b) => a.atMs - b.atMs);
}

function drawBlueGreenSetup(random: Random): Setup {
  const { isMatched: _matched, ...setup } = drawSetup(random, random.pick(BLUE_GREEN_ROUTERS));
  return { ...setup, steps: [], blueGreen: drawBlueGreen(random) };
}

function drawSetup(random: Random, router: Setup['router']): Setup {
  const hasRoute = router !== 'service';
  const settleMs = random.pick([2000, 3000, 5000]);
  // a data plane keeps to what `settle` promises, whatever it does within that
  const lagMs = hasRoute ? settleMs * random.pick([0.1, 0.5, 0.9]) : 900;
  const hearsMs = lagMs * (hasRoute ? random.next() : 1);
  return {
    router,
    replicas: random.int(1, 5),
    steps: drawSteps(random),
    settleMs,
    scaleDownDelayMs: random.pick([2000, 5000, 10_000]),
    analysis: random.pick(['none', 'background', 'step'] as const),
    onNoData: random.pick(['Hold', 'Pause', 'Rollback'] as const),
    ...(hasRoute && random.chance(0.25) ? { isMatched: true } : {}),
    ...drawExtras(random),
    hearsMs,
    throttleMs: lagMs - hearsMs,
    graceMs: random.pick([0, 0, 1500]),
    operators: random.chance(0.15) ? 2 : 1,
  };
}

/** What a Canary need not have. */
function drawExtras(random: Random): Partial<Setup> {
  return {
    ...(random.chance(0.3) ? { bakeMs: random.pick([1000, 8000, 30_000]) } : {}),
    ...(random.chance(0.3) ? { rollbackWindow: random.int(1, 3) } : {}),
    ...(random.chance(0.2) ? { onFailure: 'Pause' } : {}),
    ...(random.chance(0.1) ? { releasePolicy: 'Managed' } : {}),
  };
}

function drawSteps(random: Random): Record<string, unknown>[] {
  const pause = () => ({ pause: { duration: random.pick(['1s', '4s', '10s']) } });
  return random.pick([
    [{ setWeight: 20 }, pause(), { setWeight: 50 }, pause()],
    [{ setWeight: 10 }, pause(), { setWeight: 30 }, pause(), { setWeight: 60 }, pause()],
    [{ setWeight: 50 }, { pause: {} }],
    [{ replicas: 1 }, { setWeight: 25 }, pause(), { setWeight: 100 }, pause()],
    [{ setWeight: 5 }, { setWeight: 40, replicas: 2 }, pause()],
  ]);
}

function drawActs(random: Random, kinds: Readonly<Record<string, ActKind>>): Act[] {
  const count = random.int(1, 12);
  const untilMs = random.int(20_000, LONGEST_MS);
  const releases = Array.from({ length: random.int(1, 2) }, () =>
    drawAct(random, { release: kinds['release'] }, untilMs),
  );
  const others = Array.from({ length: count }, () => drawAct(random, kinds, untilMs));
  return inOrder([...releases, ...others]);
}

function drawAct(random: Random, kinds: Readonly<Record<string, ActKind | undefined>>, untilMs: number): Act {
  const all = Object.entries(kinds).flatMap(([kind, found]) => (found ? [{ kind, ...found }] : []));
  let left = random.next() * all.reduce((sum, { share }) => sum + share, 0);
  const chosen = all.find(({ share }) => (left -= share) < 0) ?? all[0];
  if (!chosen) throw new Error('there is nothing to draw from');
  return { atMs: random.int(0, untilMs), kind: chosen.kind, arg: chosen.draw(random) };
}
