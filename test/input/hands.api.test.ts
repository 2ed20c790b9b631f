// SPDX-License-Identifier: Apache-2.0
// What people's hands and other tools do to a Canary that is well: it stays well, or becomes so again by itself.
import { describe, expect, it } from '@jest/globals';
import { FINALIZER } from '../../operator/api/group.ts';
import { KubeApiError } from '../../operator/kube/errors.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { resources } from '../../operator/kube/resources.ts';
import { kubectl } from '../e2e/support/kubectl.ts';
import { waitFor } from '../e2e/support/wait.ts';
import { admin } from '../e2e/support/world.ts';
import { canary, deployment, service } from './objects.ts';
import { openStand } from './stand.ts';
import { useStand } from './use-stand.ts';

const OPERATOR_WITHIN_MS = 60_000;
const WITHIN_MS = 20_000;
const TEST_WITHIN_MS = 90_000;

const stand = useStand({
  operator: 'hands',
  port: 9212,
  withinMs: OPERATOR_WITHIN_MS,
  async prepare(opened) {
    await opened.apply(deployment(), service(), canary());
    await opened.ready('shop', 'Succeeded');
  },
});

interface Shop extends KubeObject {
  readonly spec: object;
  readonly status?: { readonly phase?: string; readonly message?: string };
}

function live(): Promise<Shop> {
  return admin().get<Shop>(resources.canaries, { namespace: stand.namespace, name: 'shop' });
}

async function patch(body: object, subresource?: 'status'): Promise<void> {
  const part = subresource ? [`--subresource=${subresource}`] : [];
  const text = JSON.stringify(body);
  await kubectl([
    'patch',
    'canary/shop',
    `--namespace=${stand.namespace}`,
    '--type=merge',
    ...part,
    '--patch',
    text,
  ]);
}

async function refusalOf(body: Record<string, unknown>): Promise<string> {
  try {
    await admin().mergePatch(
      resources.canaries,
      { namespace: stand.namespace, name: 'shop' },
      { patch: body, fieldManager: 'hands' },
    );
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 422) return error.message;
    throw error;
  }
  return 'taken';
}

const BAD: readonly (readonly [string, object, string])[] = [
  ['I01 a weight of 101', { steps: [{ setWeight: 101 }] }, 'spec.steps[0].setWeight'],
  ['I02 no steps', { steps: [] }, 'spec.steps'],
  ['I03 several verbs in one step', { steps: [{ setWeight: 5, pause: {} }] }, 'spec.steps[0]'],
  ['I07 an interval of 1ms', { steps: null, weights: [5], interval: '1ms' }, 'spec.interval'],
  ['I45 another target', { targetRef: { kind: 'Deployment', name: 'cart' } }, 'targetRef cannot change'],
  ['I45 another Service', { service: { name: 'cart' } }, 'service cannot change'],
];

describe('a good Canary', () => {
  it.each(BAD)(
    '%s is refused; nothing has changed',
    async (_title, spec, says) => {
      const before = await live();
      const others = await stand.snapshot();
      expect(await refusalOf({ spec })).toContain(says);
      const after = await live();
      expect([after.metadata.generation, after.spec]).toEqual([before.metadata.generation, before.spec]);
      expect(await stand.snapshot()).toEqual(others);
      expect(await stand.ready('shop', 'Succeeded')).toMatchObject({ status: 'True' });
    },
    TEST_WITHIN_MS,
  );

  it(
    'I47 takes back a status that somebody wrote',
    async () => {
      const { status } = await live();
      await patch({ status: { phase: 'Nonsense', message: 'all is lost' } }, 'status');
      await waitFor({
        what: 'the status to be what it was',
        withinMs: WITHIN_MS,
        probe: async () => {
          const now = await live();
          const isBack = now.status?.phase === status?.phase && now.status?.message === status?.message;
          return isBack ? true : undefined;
        },
      });
    },
    TEST_WITHIN_MS,
  );

  it(
    'I48 takes its finalizer back',
    async () => {
      await patch({ metadata: { finalizers: [] } });
      await waitFor({
        what: 'the finalizer to be back',
        withinMs: WITHIN_MS,
        probe: async () => ((await live()).metadata.finalizers?.includes(FINALIZER) ? true : undefined),
      });
    },
    TEST_WITHIN_MS,
  );

  it(
    'I51 answers a malformed action by an event, and does nothing',
    async () => {
      const others = await stand.snapshot();
      await patch({ metadata: { annotations: { 'headway.dev/action': 'explode' } } });
      const note = await waitFor({
        what: 'an event ActionRejected',
        withinMs: WITHIN_MS,
        probe: async () => {
          const field = '--field-selector=reason=ActionRejected';
          const path = '--output=jsonpath={.items[*].note}';
          const notes = await kubectl([
            'get',
            'events.events.k8s.io',
            `--namespace=${stand.namespace}`,
            field,
            path,
          ]);
          return notes.trim() || undefined;
        },
      });
      expect(note).toContain('explode');
      expect(await stand.snapshot()).toEqual(others);
      await patch({ metadata: { annotations: { 'headway.dev/action': null } } });
    },
    TEST_WITHIN_MS,
  );

  it(
    'I34 copies a label named constructor as any other',
    async () => {
      const other = await openStand();
      const labels = { app: 'shop', constructor: 'acme' };
      const template = { metadata: { labels }, spec: { containers: [{ name: 'shop', image: 'shop:1' }] } };
      await other.apply(deployment({ template }), service(), canary());
      await waitFor({
        what: 'two Deployments whose pods have the label: the target and its first revision',
        withinMs: WITHIN_MS,
        probe: async () => {
          const path = '--output=jsonpath={.items[*].spec.template.metadata.labels.constructor}';
          const found = await kubectl(['get', 'deployments', `--namespace=${other.namespace}`, path]);
          return found === 'acme acme' ? true : undefined;
        },
      });
      await admin().delete(resources.namespaces, { name: other.namespace });
    },
    TEST_WITHIN_MS,
  );
});
