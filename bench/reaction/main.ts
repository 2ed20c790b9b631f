// SPDX-License-Identifier: Apache-2.0
// Runs inside a whole node: what a bad release costs until its traffic is taken back.
import { writeFileSync } from 'node:fs';
import type { KubeClient } from '../../operator/kube/client.ts';
import { resources } from '../../operator/kube/resources.ts';
import { isOperatorsWork, type Observer, openObserver } from '../observer.ts';
import { startOperator } from '../operator-process.ts';
import { type Place, readPlace } from '../place.ts';
import { say } from '../progress.ts';
import type { BadRelease, ReactionResults } from '../results.ts';
import { until } from '../watched.ts';
import { judgeRun, weightZeroAtMs } from './judge-run.ts';
import { deploymentOf, errorRate, hostOf, metricsProvider, objectsOf, shop, weight } from './objects.ts';
import { type Shots, startShots } from './shots.ts';

const intervals = ['10s', '1s'];
const runs = 3;
const ratePerSecond = 150;
const ingressUrl = 'http://198.18.0.1:8000/';
const adoptedWithinMs = 90_000;
const rolledBackWithinMs = 120_000;
/** Longer than Traefik's throttle: after that no bad answer comes any more. */
const overAfterMs = 4_000;
const fieldManager = 'bench';

type Created = Parameters<KubeClient['create']>[1];

async function create(client: KubeClient, plural: keyof typeof resources, object: object): Promise<void> {
  await client.create(resources[plural], object as Created, { fieldManager });
}

async function release(observer: Observer, options: Omit<Run, 'observer'>): Promise<BadRelease> {
  const run: Run = { observer, ...options };
  await adopt(run);
  const shots = startShots({ url: ingressUrl, host: hostOf(run.namespace), ratePerSecond });
  try {
    await until('a second of good answers', adoptedWithinMs, () => isServing(shots));
    await observer.client.apply(
      resources.deployments,
      deploymentOf(run.namespace, run.image, 'bad') as Parameters<KubeClient['apply']>[1],
      { fieldManager, force: true },
    );
    await until('the bad release to be over', rolledBackWithinMs, () => isOver(run, shots));
  } finally {
    await shots.stop();
  }
  return judgeRun(run.interval, shots.ended, zeroAtMs(run) ?? Number.NaN);
}

interface Run {
  observer: Observer;
  namespace: string;
  image: string;
  interval: string;
}

async function adopt({ observer, namespace, image, interval }: Run): Promise<void> {
  const { client, canaries } = observer;
  await create(client, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const objects = objectsOf(namespace, image, interval);
  await create(client, 'deployments', objects.deployment);
  await create(client, 'services', objects.service);
  await create(client, 'ingresses', objects.ingress);
  await create(client, 'canaries', objects.canary);
  await until(`${namespace} to be adopted`, adoptedWithinMs, () => {
    const view = canaries.get(`${namespace}/${shop}`);
    return view?.stage === 'Idle' && view.phase === 'Healthy';
  });
  await observer.quiet(6_000);
}

function isServing({ ended }: Shots): boolean {
  const newest = ended.slice(-ratePerSecond);
  return newest.length === ratePerSecond && newest.every(({ end }) => end === 'good');
}

function isOver(run: Run, { ended }: Shots): boolean {
  const lastBadMs = ended.findLast(({ end }) => end === 'bad')?.atMs;
  if (lastBadMs === undefined || zeroAtMs(run) === undefined) return false;
  const view = run.observer.canaries.get(`${run.namespace}/${shop}`);
  return view?.phase === 'RolledBack' && Date.now() - lastBadMs > overAfterMs;
}

function zeroAtMs({ observer, namespace }: Run): number | undefined {
  const writes = observer.writes().filter((write) => isOperatorsWork(write) && write.namespace === namespace);
  return weightZeroAtMs(writes, `${shop}-canary`);
}

async function measure(place: Place): Promise<ReactionResults> {
  const observer = await openObserver(place);
  await create(observer.client, 'metricsProviders', metricsProvider);
  const operator = await startOperator({ form: 'bundle', kubeconfig: place.operatorKubeconfig });
  const releases: BadRelease[] = [];
  for (const interval of intervals) {
    for (let run = 1; run <= runs; run += 1) {
      const namespace = `bench-${interval}-${run}`;
      const cost = await release(observer, { namespace, image: place.image, interval });
      const seconds = (cost.weightZeroMs / 1_000).toFixed(1);
      say(
        `bad release ${run} of ${runs}, checks each ${interval}: weight 0 after ${seconds} s, ${cost.bad} bad answers`,
      );
      releases.push(cost);
    }
  }
  await operator.stop();
  await observer.close();
  return { ratePerSecond, weight, errorRate, releases };
}

const place = readPlace(process.argv.slice(2));
writeFileSync(place.outPath, JSON.stringify(await measure(place)));
