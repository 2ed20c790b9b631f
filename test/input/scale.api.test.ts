// SPDX-License-Identifier: Apache-2.0
// The number of pods of a Canary as autoscalers, people and GitOps tools write it, by the subresource and by manifests.
import { expect, it } from '@jest/globals';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { resources } from '../../operator/kube/resources.ts';
import { kubectl } from '../e2e/support/kubectl.ts';
import { waitFor } from '../e2e/support/wait.ts';
import { admin } from '../e2e/support/world.ts';
import { canary, deployment, service } from './objects.ts';
import { useStand } from './use-stand.ts';

const OPERATOR_WITHIN_MS = 60_000;
const WITHIN_MS = 20_000;
const TEST_WITHIN_MS = 60_000;

const stand = useStand({
  operator: 'scale',
  port: 9214,
  withinMs: OPERATOR_WITHIN_MS,
  prepare: (opened) => opened.apply(deployment(), service()),
});

interface Live extends KubeObject {
  readonly spec: { readonly replicas?: number };
}

interface Scale {
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly replicas: number; readonly selector: string };
}

function scalePath(): string {
  return `/apis/headway.dev/v1alpha1/namespaces/${stand.namespace}/canaries/shop/scale`;
}

async function readScale(): Promise<Scale> {
  return JSON.parse(await kubectl(['get', '--raw', scalePath()])) as Scale;
}

/** The number as an autoscaler reads it, once it is there. */
function numbered(replicas: number): Promise<Scale> {
  return waitFor({
    what: `the scale subresource to say ${replicas}`,
    withinMs: WITHIN_MS,
    probe: async () => {
      const { spec } = await admin().get<Live>(resources.canaries, {
        namespace: stand.namespace,
        name: 'shop',
      });
      return spec.replicas === replicas ? await readScale() : undefined;
    },
  });
}

/** As Flux and Argo CD do: server-side, with force, and a manifest that has no number. */
async function syncFromGit(): Promise<void> {
  const { replicas: _replicas, ...spec } = (canary() as { spec: Record<string, unknown> }).spec;
  const object = {
    ...canary(),
    metadata: { name: 'shop', namespace: stand.namespace },
    spec,
  };
  const how = ['--server-side', '--force-conflicts', '--field-manager=flux'];
  await kubectl(['apply', ...how, '--filename=-'], JSON.stringify(object));
}

it(
  'a Deployment at 0 replicas is not adopted, and without a number nobody can scale the Canary',
  async () => {
    await syncFromGit();
    expect(await stand.ready('shop', 'ScaledToZero')).toMatchObject({
      status: 'False',
      message:
        'Deployment shop has 0 replicas, so it does not say how many pods there shall be; scale it up, or set spec.replicas of the Canary',
    });
    await expect(readScale()).rejects.toThrow('the spec replicas field ".spec.replicas" does not exist');
  },
  TEST_WITHIN_MS,
);

it(
  'the number is filled in when it is taken out, and what an autoscaler wrote outlives a sync',
  async () => {
    await stand.apply(canary({ replicas: 0 }));
    await stand.ready('shop', 'Succeeded');
    // the only owner of the field takes it out again
    await kubectl([
      'patch',
      'canary/shop',
      `--namespace=${stand.namespace}`,
      '--type=json',
      '--patch=[{"op":"remove","path":"/spec/replicas"}]',
    ]);
    expect(await numbered(0)).toMatchObject({
      spec: {},
      status: {
        replicas: 0,
        selector: expect.stringMatching(
          /^headway\.dev\/canary=shop,headway\.dev\/revision in \(\w+\),headway\.dev\/serving=true$/,
        ),
      },
    });
    await kubectl(['scale', 'canary/shop', `--namespace=${stand.namespace}`, '--replicas=3']);
    await syncFromGit();
    expect((await numbered(3)).spec).toEqual({ replicas: 3 });
    await kubectl(['scale', 'canary/shop', `--namespace=${stand.namespace}`, '--replicas=0']);
    await syncFromGit();
    expect((await numbered(0)).spec).toEqual({});
  },
  TEST_WITHIN_MS,
);
