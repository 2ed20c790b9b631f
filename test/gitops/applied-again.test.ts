// SPDX-License-Identifier: Apache-2.0
// Releases on the modelled cluster, with the real controllers, while a GitOps tool applies what is in Git all the time.
import { describe, expect, it } from '@jest/globals';
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { type Resource, resources } from '../../operator/kube/resources.ts';
import { keyOfObject, specified } from '../simulation/cluster/objects.ts';
import { statusOf } from '../simulation/story/kinds.ts';
import { initialObjects, templateFor } from '../simulation/story/objects.ts';
import type { Setup } from '../simulation/story/story.ts';
import { World } from '../simulation/world.ts';
import { sentBy, type ToolName, tracksOf } from './tools.ts';

const SETUP: Setup = {
  router: 'ingress',
  replicas: 4,
  steps: [{ setWeight: 25 }, { pause: { duration: '5s' } }, { setWeight: 50 }, { pause: { duration: '3s' } }],
  settleMs: 2000,
  scaleDownDelayMs: 3000,
  analysis: 'none',
  onNoData: 'Hold',
  hearsMs: 1000,
  throttleMs: 1500,
  graceMs: 0,
  operators: 1,
};

const EVERY_MS = 700;
const RELEASED_MS = 15_000;
/** The release is over after 47 s at the latest; the tool goes on. */
const OVER_MS = 65_000;
/** What the operator waits for only for a moment it tells or not: the tool's writes wake it at other times. */
const MORE_STATUSES = 2;

interface InGit {
  readonly resource: Resource;
  object: KubeObject;
}

function inGit(setup: Setup): InGit[] {
  const { target, others, rollout } = initialObjects(setup);
  return [target, ...others, { resource: resources.canaries, object: rollout }]
    .filter(({ resource }) => resource.namespaced)
    .map(({ resource, object }) => ({ resource, object }));
}

type Sends = typeof sentBy;

function applyAll(
  world: World,
  git: readonly InGit[],
  how: { tool: ToolName; sends: Sends; round: number },
): void {
  const { tool, sends, round } = how;
  for (const { resource, object } of git) {
    const live = world.server.get(resource, keyOfObject(object));
    if (!live) continue;
    const write = { actor: 'gitops', verb: 'apply', resource, manager: tool } as const;
    const sent = sends(tool, { git: object, live, would: object, round });
    world.server.apply(write, { ...sent, metadata: { ...sent.metadata, name: object.metadata.name ?? '' } });
  }
}

/** A new version in Git. Where no tool applies it, a person does. */
function releaseIn(world: World, git: readonly InGit[], tool: ToolName | undefined): void {
  const template = templateFor('2-good', world.story.setup);
  const deployment = git.find(({ resource }) => resource === resources.deployments);
  if (!deployment) throw new Error('there is no Deployment in Git');
  deployment.object = specified(deployment.object, { template });
  if (!tool) world.change('user', resources.deployments, 'web', (live) => specified(live, { template }));
}

/** The whole story of one release; a tool applies all the time, from before the adoption on. */
async function tell(setup: Setup, tool?: ToolName, sends: Sends = sentBy): Promise<World> {
  const world = new World({ seed: 'applied again', setup, acts: [] });
  const git = inGit(setup);
  // the operator's own jitter belongs to the seed too
  const chance = Math.random;
  const jitter = world.random.fork('jitter');
  Math.random = () => jitter.next();
  try {
    await run(world, git, { tool, sends });
  } finally {
    Math.random = chance;
    for (const operator of world.operators) operator.process.kill();
  }
  return world;
}

async function run(
  world: World,
  git: readonly InGit[],
  { tool, sends }: { tool: ToolName | undefined; sends: Sends },
): Promise<void> {
  await world.begin();
  let isReleased = false;
  for (let round = 0; world.sinceMs < OVER_MS; round++) {
    if (!isReleased && world.sinceMs >= RELEASED_MS) {
      releaseIn(world, git, tool);
      isReleased = true;
    }
    if (tool) applyAll(world, git, { tool, sends, round });
    await world.runUntil(world.timeline.now + EVERY_MS);
  }
}

const WRITTEN = [
  resources.deployments,
  resources.services,
  resources.ingresses,
  resources.httpRoutes,
  resources.canaries,
];

interface Writes {
  /** By object, but for their statuses. */
  readonly objects: Readonly<Record<string, number>>;
  readonly statuses: number;
}

/** How often the operator has written. */
function writesOf(world: World): Writes {
  const objects: Record<string, number> = {};
  let statuses = 0;
  for (const { write, key } of headwaysChanges(world)) {
    if (write.subresource === 'status') statuses += 1;
    else objects[`${write.resource.plural} ${key}`] = (objects[`${write.resource.plural} ${key}`] ?? 0) + 1;
  }
  return { objects, statuses };
}

function headwaysChanges(world: World) {
  return WRITTEN.flatMap((resource) => world.server.changes(resource)).filter(({ write }) =>
    write.actor.startsWith('headway'),
  );
}

/** What a tool would take for its own on the objects that the operator has made. */
function tracksIn(world: World): string[] {
  const made = headwaysChanges(world).filter(({ before }) => !before);
  expect(made.length).toBeGreaterThan(0);
  return made.flatMap(({ after }) => (after ? tracksOf(after) : []));
}

/** All fights that a status ever told of. */
function fightsIn(world: World): NonNullable<RolloutStatus['fights']> {
  const told = world.server.changes(resources.canaries).map(({ after }) => statusOf(after)?.fights);
  return Object.assign({}, ...told);
}

/** The same releases without a tool. */
const releases = new Map<Setup['router'], World>();

async function alone(router: Setup['router']): Promise<World> {
  const world = releases.get(router) ?? (await tell({ ...SETUP, router }));
  releases.set(router, world);
  return world;
}

describe('a release while all of Git is applied every 0.7 s', () => {
  it.each<[ToolName, Setup['router']]>([
    ['kustomize-controller', 'ingress'],
    ['argocd-controller', 'gateway'],
    ['kustomize-controller', 'gateway'],
    ['argocd-controller', 'service'],
  ])('by %s, behind the router %s: goes as ever', async (tool, router) => {
    const [without, synced] = [await alone(router), await tell({ ...SETUP, router }, tool)];
    expect(synced.violation).toBeUndefined();
    expect(synced.status).toMatchObject({ phase: 'Healthy', history: [{ outcome: 'Promoted' }] });
    expect(fightsIn(synced)).toEqual({});
    expect(tracksIn(synced)).toEqual([]);
    expect(writesOf(synced).objects).toEqual(writesOf(without).objects);
    expect(Math.abs(writesOf(synced).statuses - writesOf(without).statuses)).toBeLessThanOrEqual(
      MORE_STATUSES,
    );
    expect(Math.abs(synced.lastWriteMs - without.lastWriteMs)).toBeLessThan(EVERY_MS);
  });

  it('without the rules: is fought, and the tool is named', async () => {
    const synced = await tell({ ...SETUP, router: 'gateway' }, 'kustomize-controller', (_, { git }) => git);
    expect(fightsIn(synced)).toMatchObject({
      'the selector of Service checkout': { manager: 'kustomize-controller' },
    });
  });
});

describe('what the tools send', () => {
  const object = (kind: string, spec: object): KubeObject => ({
    apiVersion: 'v1',
    kind,
    metadata: { namespace: 'shop', name: 'checkout' },
    spec,
  });
  const git = object('Service', { selector: { app: 'web' }, ports: [80] });
  const pinned = object('Service', {
    selector: { app: 'web', 'headway.dev/revision': 'aaa' },
    ports: [80, 81],
  });

  it.each<[ToolName, string, KubeObject, object]>([
    ['argocd-controller', 'the live value', pinned, { selector: specOf(pinned).selector, ports: [80] }],
    ['kustomize-controller', 'nothing where it has drifted', pinned, { ports: [80] }],
    ['kustomize-controller', 'Git where it has not', git, { selector: { app: 'web' }, ports: [80] }],
  ])('%s: of an ignored field %s', (tool, _, live, spec) => {
    expect(sentBy(tool, { git, live, would: git, round: 1 })['spec']).toEqual(spec);
  });

  it.each<ToolName>(['argocd-controller', 'kustomize-controller'])('%s marks what is its own', (tool) => {
    expect(tracksOf(sentBy(tool, { git, live: git, would: git, round: 1 }))).not.toEqual([]);
    expect(tracksOf(git)).toEqual([]);
  });

  it('of a kind without a rule all of Git', () => {
    const canary = object('Canary', { weights: [5] });
    const live = object('Canary', { weights: [5], replicas: 4 });
    for (const tool of ['argocd-controller', 'kustomize-controller'] as const)
      expect(sentBy(tool, { git: canary, live, would: live, round: 1 })['spec']).toEqual({ weights: [5] });
  });
});

function specOf(given: KubeObject): { readonly selector: unknown } {
  return given['spec'] as { readonly selector: unknown };
}
