// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { Labels } from '../../../operator/api/group.ts';
import type { KubeClient } from '../../../operator/kube/client.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { labelsOf, NAMESPACE } from '../cluster/objects.ts';
import { CALM_SETUP } from '../story/calm-setup.ts';
import { play } from '../story/play.ts';
import type { Setup, Story } from '../story/story.ts';
import type { World, WorldOptions } from '../world.ts';

type Router = Setup['router'];
type Wrap = NonNullable<WorldOptions['wrapClient']>;
type Patch = Readonly<Record<string, unknown>>;
type PatchPod = (patch: Patch, next: (patch: Patch) => Promise<never>) => Promise<never>;

/** Fewer pods are asked for in the pause of a release. */
function storyOf(router: Router): Story {
  return {
    seed: 'fewer',
    setup: {
      ...CALM_SETUP,
      router,
      replicas: 4,
      steps: [{ setWeight: 50 }, { pause: {} }],
      settleMs: 3000,
      scaleDownDelayMs: 10_000,
      graceMs: 3000,
    },
    acts: [
      { atMs: 30_000, kind: 'release', arg: '2-good' },
      { atMs: 90_000, kind: 'replicas', arg: 2 },
    ],
  };
}

/** What happens with the patch that takes a pod out of its Service. */
function onDrain(make: (client: KubeClient, world: World, pod: string) => PatchPod): Wrap {
  return (client, world) => ({
    ...client,
    async mergePatch(resource, ref, options) {
      const next = (patch: Patch) => client.mergePatch<never>(resource, ref, { ...options, patch });
      const isDrain = resource === resources.pods && JSON.stringify(options.patch).includes(Labels.serving);
      return isDrain ? make(client, world, ref.name)(options.patch, next) : next(options.patch);
    },
  });
}

/** Its Deployment is scaled in the same moment. */
const endAtOnce = onDrain((client, world, name) => async (patch, next) => {
  const revision = labelsOf(world.get(resources.pods, name) ?? {})[Labels.revision];
  const patched = await next(patch);
  const deployment = { namespace: NAMESPACE, name: `web-${revision}` };
  await client.mergePatch(resources.deployments, deployment, { patch: { spec: { replicas: 1 } } });
  return patched;
});

/** It leaves the Service, and is the last that its ReplicaSet would end. */
const keepTheDrained = onDrain(
  () => (patch, next) =>
    next({
      ...patch,
      metadata: {
        ...(patch['metadata'] as object),
        annotations: { 'controller.kubernetes.io/pod-deletion-cost': '1000' },
      },
    }),
);

describe.each<Router>(['gateway', 'ingress', 'service'])(
  'I3, with pods taken away by router %s',
  (router) => {
    it('holds where each pod drains before it ends', async () => {
      const { violation, world } = await play(storyOf(router));
      expect(violation).toBeUndefined();
      expect(world.status?.phase).toBe('Paused');
      expect(world.deployments.podsOf(`web-${world.status?.stable?.revision}`)).toHaveLength(
        router === 'service' ? 1 : 2,
      );
    });

    it('is broken by a pod that ends when it leaves the Service', async () => {
      const { violation } = await play(storyOf(router), { wrapClient: endAtOnce });
      expect(violation?.rule).toBe('I3');
      expect(violation?.message).toMatch(
        /^Deployment \S+ is scaled from \d to 1, which ends pod \S+, which gets requests$/,
      );
    });

    it('is broken where other pods end than those that have drained', async () => {
      const { violation } = await play(storyOf(router), { wrapClient: keepTheDrained });
      expect(violation?.rule).toBe('I3');
      expect(violation?.message).toMatch(
        /^Deployment \S+ is scaled from \d to \d, which ends pod \S+, which gets requests$/,
      );
    });
  },
);
