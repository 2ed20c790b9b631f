// SPDX-License-Identifier: Apache-2.0
// Bugs that the peers of Headway shipped, made on purpose between the real controllers and the modelled API server.
import { Labels } from '../../operator/api/group.ts';
import type { KubeClient } from '../../operator/kube/client.ts';
import { resources } from '../../operator/kube/resources.ts';
import { SERVICE } from './cluster/names.ts';
import { NAMESPACE } from './cluster/objects.ts';
import { BLUE_GREEN_FROM, FIRST_FROM } from './story/generate.ts';
import type { World, WorldOptions } from './world.ts';

export interface KnownBug {
  readonly name: string;
  /** Where a peer had it. */
  readonly seen: string;
  /** The rules that it breaks. */
  readonly breaks: readonly string[];
  /** Where the seeds begin that it is looked for in. */
  readonly from: number;
  readonly options: WorldOptions;
}

type Wrap = NonNullable<WorldOptions['wrapClient']>;

/** The selector of the Service that carries stable is flipped in the same pass as the weight goes to 100. */
const flipUnderWeight: Wrap = (client, world) => ({
  ...client,
  async apply(resource, object, options) {
    const applied = await client.apply<never>(resource, object, options);
    if (resource === resources.ingresses && weightOf(object) === '100') await pin(client, world);
    return applied;
  },
});

function weightOf({ metadata }: { readonly metadata: object }): unknown {
  const { annotations = {} } = metadata as { annotations?: Record<string, string> };
  return annotations['nginx.ingress.kubernetes.io/canary-weight'];
}

async function pin(client: KubeClient, world: World): Promise<void> {
  const revision = world.status?.canary?.revision ?? '';
  await client.mergePatch(
    resources.services,
    { namespace: NAMESPACE, name: SERVICE },
    { patch: { spec: { selector: { [Labels.revision]: revision } } } },
  );
}

/** The pods of the canary go together with its weight, before the data plane has let go of them. */
const scaleBeforeDrain: Wrap = (client, world) => ({
  ...client,
  async apply(resource, object, options) {
    const applied = await client.apply<never>(resource, object, options);
    const revision = world.status?.canary?.revision;
    if (
      resource === resources.ingresses &&
      weightOf(object) === '0' &&
      revision &&
      !isPromoted(world, revision)
    ) {
      const ref = { namespace: NAMESPACE, name: `web-${revision}` };
      await client.mergePatch(resources.deployments, ref, { patch: { spec: { replicas: 0 } } });
    }
    return applied;
  },
});

function isPromoted(world: World, revision: string): boolean {
  const service = world.get(resources.services, SERVICE);
  return JSON.stringify(service?.['spec'] ?? {}).includes(revision);
}

/** The Service of a BlueGreen has just been pointed at the new pods; the old ones are told to end with it. */
const scaleInSwitch: Wrap = (client, world) => ({
  ...client,
  async jsonPatch(resource, ref, change) {
    const { stage, stable, canary } = world.status ?? {};
    const patched = await client.jsonPatch<never>(resource, ref, change);
    const isSwitched = stage === 'Promoting' && canary && isPromoted(world, canary.revision);
    if (resource === resources.services && ref.name === SERVICE && stable && isSwitched) {
      const old = { namespace: NAMESPACE, name: `web-${stable.revision}` };
      await client.mergePatch(resources.deployments, old, { patch: { spec: { replicas: 0 } } });
    }
    return patched;
  },
});

/** The Service is opened for a first version as soon as that has a Deployment. */
const letInUnjudged: Wrap = (client, world) => ({
  ...client,
  async create(resource, object, options) {
    const made = await client.create(resource, object, options);
    if (resource === resources.deployments && world.status?.stage === 'Judging') await pin(client, world);
    return made;
  },
});

/** Each process begins from what was true half a minute ago, and takes that for the truth. */
const trustOldLists: Wrap = (client, world) => {
  const { faults, server, timeline } = world;
  const asOf = server.resourceVersionAt(timeline.now - OLD_MS);
  faults.staleByMs = OLD_MS;
  faults.stalledUntil.set(world.resource.plural, timeline.now + UNHEARD_MS);
  return {
    ...client,
    async get(resource, ref, options) {
      const live = await client.get<never>(resource, ref, options);
      if (resource !== world.resource) return live;
      const listed = server.listAsOf(resource, asOf).find(({ metadata }) => metadata.name === ref.name);
      return (listed ?? live) as never;
    },
  };
};

const OLD_MS = 30_000;
const UNHEARD_MS = 3000;

export const KNOWN_BUGS: readonly KnownBug[] = [
  {
    name: 'the selector is flipped under weight',
    seen: 'Argo Rollouts #4433, #4710, #4195, #2235',
    breaks: ['flip'],
    from: 1,
    options: { wrapClient: flipUnderWeight },
  },
  {
    name: 'pods go before the data plane has let go of them',
    seen: 'Flagger #256, Argo Rollouts #4867',
    breaks: ['I3', 'lost'],
    from: 1,
    options: { wrapClient: scaleBeforeDrain },
  },
  {
    name: 'a decision is made from a cache that has not caught up',
    seen: 'Argo Rollouts #4750 and every operator that takes its first list for the truth',
    breaks: ['I4', 'I5', 'I9', 'flip', 'lost'],
    from: 1,
    options: { wrapClient: trustOldLists },
  },
  {
    name: 'the old pods of a BlueGreen go at the moment of the switch, before the EndpointSlices follow',
    seen: 'Argo Rollouts #501: a second after the switch, whatever scaleDownDelaySeconds said',
    breaks: ['I3', 'lost'],
    from: BLUE_GREEN_FROM,
    options: { wrapClient: scaleInSwitch },
  },
  {
    name: 'a first version gets all traffic before it has passed',
    seen: 'Argo Rollouts and Flagger, where it is so by design: what comes first is not judged',
    breaks: ['first'],
    from: FIRST_FROM,
    options: { wrapClient: letInUnjudged },
  },
];
