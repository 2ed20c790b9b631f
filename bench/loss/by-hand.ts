// SPDX-License-Identifier: Apache-2.0
// The same moves as a person makes them with kubectl: one write after the other, with no wait but for ready pods.
import { demoDeployment, demoIngress, demoService } from '../../test/apps/manifests.ts';
import { imageOf } from '../../test/e2e/support/images.ts';
import { applyObjects, kubectl } from '../../test/e2e/support/kubectl.ts';
import { hostOf, shop } from '../../test/e2e/support/objects.ts';
import { type Actor, nextTemplate } from './actor.ts';
import type { MoveName } from './lanes.ts';

export type HandMove = Extract<
  MoveName,
  | 'pods scaled away'
  | 'rolling update'
  | 'selector flip, old pods scaled away'
  | 'weights, flip and scale-down at once'
>;

export const byHand: Readonly<Record<HandMove, (actor: Actor) => Promise<void>>> = {
  'pods scaled away': async (actor) => {
    await scale(actor, actor.serving, actor.lane.replicas / 2);
    await rolledOut(actor, actor.serving);
    await scale(actor, actor.serving, actor.lane.replicas);
    await rolledOut(actor, actor.serving);
  },
  'rolling update': async (actor) => {
    const { version } = nextTemplate(actor);
    const changes = [`VERSION=${version}`, `START_DELAY_MS=${actor.templates}`];
    await run(actor, ['set', 'env', `deployment/${actor.serving}`, ...changes]);
    await rolledOut(actor, actor.serving);
  },
  'selector flip, old pods scaled away': async (actor) => {
    const old = actor.serving;
    const next = await startOther(actor);
    await flip(actor, next);
    await scale(actor, old, 0);
    await rolledOut(actor, old);
  },
  'weights, flip and scale-down at once': async (actor) => {
    const old = actor.serving;
    const next = await startOther(actor);
    const { namespace } = actor.story;
    await applyObjects([demoService({ name: canaryService, namespace, app: next })]);
    await weigh(actor, 50);
    await weigh(actor, 100);
    await flip(actor, next);
    await weigh(actor, 0);
    await scale(actor, old, 0);
    await rolledOut(actor, old);
  },
};

const canaryService = `${shop}-canary`;
const twins = [shop, `${shop}-next`] as const;

function run({ story }: Actor, args: readonly string[], input?: string): Promise<string> {
  return kubectl(['--namespace', story.namespace, ...args], input);
}

function scale(actor: Actor, deployment: string, replicas: number): Promise<string> {
  return run(actor, ['scale', `deployment/${deployment}`, `--replicas=${replicas}`]);
}

function rolledOut(actor: Actor, deployment: string): Promise<string> {
  return run(actor, ['rollout', 'status', `deployment/${deployment}`, '--timeout=120s']);
}

/** Puts up the Deployment that does not serve, with a new version and all pods ready; answers its name. */
async function startOther(actor: Actor): Promise<string> {
  const { lane, story, serving } = actor;
  const name = serving === twins[0] ? twins[1] : twins[0];
  const { version, behaviour } = nextTemplate(actor);
  const { replicas, exit } = lane;
  const like = { ...behaviour, replicas, exit, version, image: imageOf(version) };
  const deployment = JSON.stringify(demoDeployment({ ...like, name, namespace: story.namespace }));
  // what `kubectl scale` and `set env` have written is written over
  await run(actor, ['apply', '--server-side', '--force-conflicts', '--filename=-'], deployment);
  await rolledOut(actor, name);
  return name;
}

async function flip(actor: Actor, to: string): Promise<void> {
  const patch = JSON.stringify({ spec: { selector: { app: to } } });
  await run(actor, ['patch', 'service', shop, `--patch=${patch}`]);
  actor.serving = to;
}

/** So many percent to the Service of the canary. */
async function weigh(actor: Actor, percent: number): Promise<void> {
  if (actor.lane.mode === 'gateway') return weighRoute(actor, percent);
  const { namespace } = actor.story;
  if (percent === 0) {
    await run(actor, ['delete', 'ingress', canaryService]);
    return;
  }
  const prefix = 'nginx.ingress.kubernetes.io';
  const annotations = { [`${prefix}/canary`]: 'true', [`${prefix}/canary-weight`]: String(percent) };
  const where = { name: canaryService, namespace, host: hostOf(namespace), service: canaryService };
  await applyObjects([demoIngress({ ...where, annotations })]);
}

async function weighRoute(actor: Actor, percent: number): Promise<void> {
  const shares = [
    { name: shop, port: 80, weight: 100 - percent },
    { name: canaryService, port: 80, weight: percent },
  ];
  const value = percent === 0 ? [{ name: shop, port: 80 }] : shares;
  // the second rule of the story's route is the one with a backend
  const patch = JSON.stringify([{ op: 'replace', path: '/spec/rules/1/backendRefs', value }]);
  await run(actor, ['patch', 'httproute', shop, '--type=json', `--patch=${patch}`]);
}
