// SPDX-License-Identifier: Apache-2.0
// Runs inside a whole node: what clients lose while traffic is moved in every way there is, by Headway and by hand.
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { z } from 'zod';
import { resources } from '../../operator/kube/resources.ts';
import type { Second } from '../../test/apps/load-lines.ts';
import { explainLosses } from '../../test/e2e/support/losses.ts';
import { startOperator } from '../../test/e2e/support/operator.ts';
import { weighPods } from '../../test/cluster/node/cgroups.ts';
import { layoutOf } from '../../test/cluster/node/layout.ts';
import { openStory, type Story } from '../../test/e2e/support/story.ts';
import { admin, clusterName } from '../../test/e2e/support/world.ts';
import { createSlots } from '../../test/faults/rig/slots.ts';
import { type Place, readPlace } from '../place.ts';
import { say } from '../progress.ts';
import { createActor } from './actor.ts';
import { putBehindProxy, routers } from './behind-proxy.ts';
import { type Lane, movesAtOnce, rateOf, turnsOf } from './lanes.ts';
import { moves } from './moves.ts';
import { startMortal } from './mortal.ts';
import { type Options, readOptions } from './options.ts';
import { playPhases, type Stage } from './play.ts';
import { type LossResults, type LossRow, lostOf } from './record.ts';
import { reasons } from './report.ts';
import { merged, type Phase, rowsOf } from './tally.ts';

/** While pods start, twenty threads of the node's parts want to run; apps need half a processor all the time. */
const servingShares = 32_768;
const operatorPort = 9151;
const restMs = 3_000;
/** Moves by hand take a second, and need not be made a thousand times. */
const restByHandMs = 20_000;

const namespaceOf = ({ name }: Lane): string => `loss-${name}`;

async function measure(place: Place, options: Options): Promise<LossResults> {
  const proxies = await Promise.all(routers.map((part) => putBehindProxy(clusterName(), part)));
  weighPods(layoutOf(clusterName()), servingShares);
  // From here on: what tries the node, and kubectl, must not keep Traefik and the pods from their work.
  setPriority(10);
  const kubeconfig = place.operatorKubeconfig;
  const namespaces = (isWanted: (lane: Lane) => boolean): string[] =>
    options.lanes.filter(isWanted).map(namespaceOf);
  const operator = await startOperator({
    name: 'loss',
    kubeconfig,
    namespaces: namespaces(({ by }) => by !== 'killed'),
    port: operatorPort,
  });
  const killed = namespaces(({ by }) => by === 'killed');
  const mortal = killed.length === 0 ? undefined : await startMortal(kubeconfig, killed);
  const setDelay = (delayMs: number): void => {
    for (const proxy of proxies) proxy.delay(delayMs);
  };
  const turns = turnsOf(options.lanes);
  const played: Played[] = [];
  for (const lanes of turns) {
    setDelay(0);
    const requests = Math.ceil(options.requests / turns.length);
    const stages = await openStages(lanes, operator.logPath);
    const share = { requests, delays: options.delays, ratePerSecond: rateOfAll(lanes) };
    const phases = await playPhases(stages, share, { setDelay, tell: say });
    played.push(await endStages(stages, phases));
  }
  await mortal?.stop();
  await operator.stop('SIGTERM');
  await Promise.all(proxies.map((proxy) => proxy.close()));
  return {
    ratePerSecond: Math.min(...turns.map(rateOfAll)),
    lanes: options.lanes.length,
    traefik: await traefikVersion(),
    deaths: mortal?.deaths() ?? 0,
    rows: merged(played.flatMap(({ rows }) => rows)),
    problems: [...played.flatMap(({ problems }) => problems), ...[mortal?.problem() ?? []].flat()],
  };
}

function rateOfAll(lanes: readonly Lane[]): number {
  return lanes.reduce((sum, lane) => sum + rateOf(lane), 0);
}

async function openStages(lanes: readonly Lane[], operatorLog: string): Promise<LiveStage[]> {
  say(`putting up ${lanes.length} shops for ${rateOfAll(lanes)} requests/s`);
  const inSlot = createSlots(movesAtOnce(0));
  return Promise.all(
    lanes.map(async (lane) => {
      const { name: title, kind, mode, replicas, exit } = lane;
      const ratePerSecond = rateOf(lane);
      const what = { title, kind, mode, replicas, exit, spec: {}, ratePerSecond, operatorLog };
      const story = await inSlot(() => openStory({ ...what, namespace: namespaceOf(lane) }));
      return stageOf(lane, story);
    }),
  );
}

interface LiveStage extends Stage {
  readonly story: Story;
}

function stageOf(lane: Lane, story: Story): LiveStage {
  const actor = createActor(lane, story);
  return {
    lane,
    story,
    made: [],
    tell: say,
    restMs: lane.by === 'hand' ? restByHandMs : restMs,
    perform: (move, delaySeconds) => {
      actor.delaySeconds = delaySeconds;
      return moves[move](actor);
    },
  };
}

/** What a turn came to. */
type Played = Pick<LossResults, 'rows' | 'problems'>;

/** Ends the load and the shops of all lanes, and tells what was lost. */
async function endStages(stages: readonly LiveStage[], phases: readonly Phase[]): Promise<Played> {
  const rows: LossRow[] = [];
  const problems: string[] = [];
  for (const { lane, story, made, problem } of stages) {
    const summary = await story.load.stop();
    const seconds: Second[] = story.load.seconds();
    const own = rowsOf(lane, { made, phases, seconds });
    rows.push(...own);
    say(`${lane.name}: lost ${own.reduce((sum, row) => sum + lostOf(row), 0)} of ${summary.sent}`);
    if (problem !== undefined) problems.push(problem);
    const isForeseen = reasons[lane.by] !== undefined;
    if (summary.lostTotal > 0 && !isForeseen) problems.push(await explainLosses(story, summary));
    await admin().delete(resources.namespaces, { name: story.namespace });
  }
  return { rows, problems };
}

const Version = z.looseObject({ Version: z.string() });

async function traefikVersion(): Promise<string> {
  const answer = await fetch('http://198.18.0.1:8082/api/version');
  return Version.parse(await answer.json()).Version;
}

const place = readPlace(process.argv.slice(2));
writeFileSync(place.outPath, JSON.stringify(await measure(place, readOptions(process.env))));
// Left to itself the process has stayed for ever, with nothing left to do, in what Node does at its end (26.10, CleanupHandles).
process.exit();
