// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { type Resource, resources } from '../../../operator/kube/resources.ts';
import type { Load } from '../../apps/load.ts';
import type { RolloutKind } from '../../../operator/engine/rollout/rollout.ts';
import { isHealthy, until } from './acts.ts';
import { applyObjects, kubectl } from './kubectl.ts';
import {
  type Behaviour,
  type Besides,
  type Exit,
  type Mode,
  rolloutObject,
  type SpecInput,
  shop,
  shopObjects,
} from './objects.ts';
import { type Entrance, entranceOf, startTraffic, waitUntilServing } from './traffic.ts';
import { waitFor } from './wait.ts';
import { admin, operatorUser } from './world.ts';

/** A namespace with a shop under load and its Canary or BlueGreen. */
export interface Story {
  readonly title: string;
  readonly kind: RolloutKind;
  readonly mode: Mode;
  readonly namespace: string;
  readonly replicas: number;
  readonly exit: Exit;
  /** Where its clients knock. */
  readonly entrance: Entrance;
  readonly load: Load;
  readonly startedAtMs: number;
  /** Sentences for the report. */
  readonly notes: string[];
  /** The log of the operator that serves it, for the message when it fails. */
  readonly operatorLog: string | undefined;
  /** As whom that operator writes. */
  readonly operatorUser: string;
  /** The HTTPRoute is Headway's own, made from a template. */
  readonly ownRoute: boolean;
  /** What the user has beside the shop. */
  readonly besides: readonly Besides[];
  /** The HTTPRoute or TraefikService that the user has; what it says is what has to come back. */
  usersRoute: KubeObject | undefined;
  /** A person asked for a jump, so the weights need not follow the steps. */
  mayJump: boolean;
  /** When a story started the API server anew. */
  readonly serverStartsMs: number[];
}

export interface StoryOptions {
  /** Lower-case words; the namespace is named after them. */
  title: string;
  /** By default a Canary. */
  kind?: RolloutKind;
  mode: Mode;
  spec: SpecInput;
  replicas?: number;
  /** What the app does on SIGTERM; by default it exits at once. */
  exit?: Exit;
  ratePerSecond?: number;
  /** What the first version is like besides. */
  behaviour?: Behaviour;
  operatorLog?: string;
  /** As whom the operator writes that serves it; by default the user that the operators of nearly all stories share. */
  operatorUser?: string;
  /** In the mode gateway: the spec has a template instead of the name of the user's route. */
  ownRoute?: boolean;
  /** Variables that the app reads from a ConfigMap. */
  config?: Readonly<Record<string, string>>;
  /** What the user has beside the shop, in the namespace. */
  besides?: readonly Besides[];
  /** By default made of title and mode, and different each time. */
  namespace?: string;
}

export const firstVersion = '1.0.0';

/** With six stories side by side this leaves a machine of two cores time for the cluster itself. */
const defaultRate = 60;
const adoptedWithinMs = 120_000;

const isAdopted = (status: RolloutStatus): boolean => isHealthy(status) && status.parked === true;

export function namespaceOf(title: string, mode: Mode): string {
  return `e2e-${title.replaceAll(/[^a-z0-9]+/g, '-')}-${mode}-${randomBytes(2).toString('hex')}`;
}

/** A controller of routes whose kinds were away looks for them again at longer and longer intervals. */
const servingWithinMs = 120_000;

/** Puts up a shop, load on it, and a Canary; does not wait for the adoption. */
export async function beginStory(options: StoryOptions): Promise<Story> {
  const story = await openStory(options);
  const { kind, namespace, mode } = story;
  await applyObjects([rolloutObject(kind, { namespace, mode, spec: options.spec })]);
  return { ...story, startedAtMs: Date.now() };
}

/** Puts up a shop and load on it, as a user has it before there is a Canary. */
export async function openStory(options: StoryOptions): Promise<Story> {
  const {
    title,
    kind = 'Canary',
    mode,
    replicas = 4,
    exit = 'immediate',
    ownRoute = false,
    besides = [],
  } = options;
  const { namespace = namespaceOf(title, mode) } = options;
  await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  const { config } = options;
  const shown = { ...options.behaviour, namespace, mode, version: firstVersion, replicas, exit, ownRoute };
  await applyObjects([...shopObjects({ ...shown, ...(config ? { config } : {}) }), ...besides]);
  await kubectl([
    'wait',
    '-n',
    namespace,
    `deployment/${shop}`,
    '--for=condition=Available',
    '--timeout=180s',
  ]);
  // Without the Canary there is no route to come in by.
  if (ownRoute) await applyObjects([rolloutObject(kind, { namespace, mode, spec: options.spec })]);
  const entrance = await entranceOf(namespace, mode);
  await waitUntilServing(entrance, servingWithinMs);
  const ratePerSecond = options.ratePerSecond ?? defaultRate;
  const load = await startTraffic(namespace, entrance, { ratePerSecond, connections: kindsOf(mode, exit) });
  const usersRoute = ownRoute ? undefined : await readRoute(namespace, mode);
  return {
    title,
    kind,
    mode,
    namespace,
    replicas,
    exit,
    entrance,
    load,
    startedAtMs: Date.now(),
    notes: [],
    operatorLog: options.operatorLog,
    operatorUser: options.operatorUser ?? operatorUser,
    ownRoute,
    besides,
    usersRoute,
    mayJump: false,
    serverStartsMs: [],
  };
}

/**
 * kube-proxy leaves a kept connection where it is, so one to a pod of a plain Service ends with a pod that exits at
 * once, however long it has been out of the Service (docs/spec/canary.md).
 */
function kindsOf(mode: Mode, exit: Exit): 'fresh' | 'both' {
  return mode === 'ratio' && exit === 'immediate' ? 'fresh' : 'both';
}

/** More clients come while something happens, and go after it. None of their requests may be lost either. */
export async function underMoreTraffic(
  { namespace, entrance, mode, exit, notes }: Story,
  ratePerSecond: number,
  act: (load: Load) => Promise<void>,
): Promise<void> {
  const traffic = { ratePerSecond, connections: kindsOf(mode, exit) };
  const load = await startTraffic(`${namespace}-more`, entrance, traffic);
  try {
    await act(load);
  } finally {
    await load.stop();
  }
  const { sent, lostTotal, examples } = await load.summary();
  notes.push(`${sent} requests of more clients, ${lostTotal} lost`);
  if (lostTotal > 0)
    throw new Error(`${lostTotal} requests of more clients were lost: ${JSON.stringify(examples)}`);
}

const patched: Readonly<Partial<Record<Mode, Resource>>> = {
  gateway: resources.httpRoutes,
  traefik: resources.traefikServices,
};

/** The object of the user that weights are written into; undefined where there is none. */
export async function readRoute(namespace: string, mode: Mode): Promise<KubeObject | undefined> {
  const resource = patched[mode];
  return resource && admin().get(resource, { namespace, name: shop });
}

/** Of an object what is compared when it has to come back: status and bookkeeping are nobody's wish. */
export function writtenByUser({ spec, metadata: { annotations, labels } }: KubeObject): string {
  return JSON.stringify({ spec, annotations, labels });
}

/** Resolves when the user's HTTPRoute or TraefikService, if there is one, is what the user wrote, to the byte. */
export async function untilRouteIsGivenBack({ title, mode, namespace, usersRoute }: Story): Promise<void> {
  if (!usersRoute) return;
  const wanted = writtenByUser(usersRoute);
  let found = '';
  await waitFor({
    what: `${title} (${mode}): the route to be given back as ${wanted}`,
    withinMs: 180_000,
    probe: async () => {
      const route = await readRoute(namespace, mode);
      found = route ? writtenByUser(route) : 'gone';
      return found === wanted ? true : undefined;
    },
    explain: () => Promise.resolve(`it is ${found}`),
  });
}

/** Resolves when all traffic is on the first revision, and the Deployment's own pods are retired. */
export async function untilAdopted(story: Story, withinMs = adoptedWithinMs): Promise<void> {
  await until(story, 'the Deployment to be adopted', isAdopted, withinMs);
}
