// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { KubeClient } from '../../../operator/kube/client.ts';
import { KubeApiError } from '../../../operator/kube/errors.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { type Resource, resources } from '../../../operator/kube/resources.ts';
import { SECRET } from '../cluster/names.ts';
import { CALM_SETUP } from '../story/calm-setup.ts';
import { play } from '../story/play.ts';
import type { Setup, Story } from '../story/story.ts';
import type { World, WorldOptions } from '../world.ts';

type Wrap = NonNullable<WorldOptions['wrapClient']>;

/** A release of a changed image, then one of a changed Secret. */
function storyOf(config: Setup['config']): Story {
  return {
    seed: 'secret',
    setup: { ...CALM_SETUP, ...(config ? { config } : {}) },
    acts: [
      { atMs: 30_000, kind: 'release', arg: '2-good' },
      { atMs: 120_000, kind: 'secret', arg: 3 },
    ],
  };
}

function heldBy(world: World): KubeObject {
  const held = world.get(resources.secrets, SECRET);
  if (!held) throw new Error('the story has no Secret');
  return held;
}

function encoded(world: World): string {
  return (heldBy(world)['data'] as { password: string }).password;
}

function decoded(world: World): string {
  return Buffer.from(encoded(world), 'base64').toString();
}

/** Each object of a kind is another one when it is made. */
function onCreate(kind: Resource, make: (object: KubeObject, world: World) => KubeObject): Wrap {
  return (client, world) => ({
    ...client,
    create: (resource, object, options) =>
      client.create<never>(resource, (resource === kind ? make(object, world) : object) as never, options),
  });
}

function annotated(object: KubeObject, text: string): KubeObject {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, note: text } } };
}

/** A webhook that refuses the copy and says of what. */
function quoteIn(refuse: (world: World) => unknown): Wrap {
  return (client, world): KubeClient => ({
    ...client,
    create: (resource, object, options) =>
      resource === resources.secrets
        ? Promise.reject(refuse(world))
        : client.create(resource, object, options),
  });
}

function refusal(message: string): KubeApiError {
  return new KubeApiError({
    verb: 'create',
    resource: resources.secrets,
    namespace: 'shop',
    status: 422,
    reason: 'Invalid',
    message,
  });
}

interface Leak {
  readonly how: string;
  readonly config?: Setup['config'];
  readonly wrapClient: Wrap;
  readonly message: RegExp;
}

const LEAKS: readonly Leak[] = [
  {
    how: 'a value in an annotation',
    wrapClient: onCreate(resources.deployments, (made, world) => annotated(made, decoded(world))),
    message: /^deployments shop\/web-\S+ shows "password" of Secret web-keys$/,
  },
  {
    how: 'the beginning of a value',
    config: 'Live',
    wrapClient: onCreate(resources.deployments, (made, world) =>
      annotated(made, decoded(world).slice(0, 12)),
    ),
    message: /^deployments shop\/web-\S+ shows "password" of Secret web-keys$/,
  },
  {
    how: 'a value in base64 beside the data of the copy',
    wrapClient: onCreate(resources.secrets, (made, world) => annotated(made, encoded(world))),
    message: /^secrets shop\/web-keys-\S+ shows "password" of Secret web-keys in base64$/,
  },
  {
    how: 'a hash that a short value could be found by',
    wrapClient: onCreate(resources.configMaps, (made, world) =>
      annotated(made, createHash('sha256').update(decoded(world)).digest('hex')),
    ),
    message: /^configmaps shop\/web-settings-\S+ shows a hash of "password" of Secret web-keys$/,
  },
  {
    how: 'a copy that changes',
    wrapClient: onCreate(resources.secrets, (made) => ({ ...made, immutable: false })),
    message: /^secrets shop\/web-keys-\S+ is no copy that belongs to one revision and never changes$/,
  },
  {
    how: 'a copy of something else',
    wrapClient: onCreate(resources.secrets, (made) => ({ ...made, data: { more: 'bW9yZQ==' } })),
    message: /^secrets shop\/web-keys-\S+ has a content that no Secret had$/,
  },
  {
    how: 'a copy that nobody asked for',
    config: 'Live',
    wrapClient: (client, world) => ({
      ...client,
      async create(resource, object, options) {
        const { ownerReferences = [] } = object.metadata;
        const copy = { ...heldBy(world), metadata: { namespace: 'shop', name: 'mine', ownerReferences } };
        if (resource === resources.deployments) await client.create(resources.secrets, copy);
        return client.create<never>(resource, object as never, options);
      },
    }),
    message: /^secrets shop\/mine is written, and nobody asked for it$/,
  },
  {
    how: 'a refusal that is told in the status',
    wrapClient: quoteIn((world) => refusal(`denied: ${decoded(world)}`)),
    message: /^canaries shop\/web shows "password" of Secret web-keys$/,
  },
  {
    how: 'an error that is logged',
    wrapClient: quoteIn((world) => new TypeError('no copy', { cause: new Error(encoded(world)) })),
    message: /^a line of the log shows "password" of Secret web-keys in base64$/,
  },
  {
    how: 'a label of a metric',
    wrapClient: (client, world) => {
      world.metrics?.recordRollout('Canary', `shop/${decoded(world)}`, {
        before: undefined,
        after: { phase: 'Healthy', observedGeneration: 1 } as never,
        nowMs: 0,
      });
      return client;
    },
    message: /^\/metrics shows "password" of Secret web-keys$/,
  },
];

describe('I10', () => {
  it.each(['Versioned', 'Live'] as const)('holds with config %s', async (config) => {
    const { violation, world } = await play(storyOf(config));
    expect(violation).toBeUndefined();
    expect(world.status?.phase).toBe('Healthy');
    const promoted = world.status?.history?.filter(({ outcome }) => outcome === 'Promoted');
    expect(promoted).toHaveLength(config === 'Versioned' ? 2 : 1);
    const revision = world.status?.stable?.revision;
    const copy = world.get(resources.secrets, `${SECRET}-${revision}`);
    expect(copy?.['data']).toEqual(
      config === 'Versioned' ? world.get(resources.secrets, SECRET)?.['data'] : undefined,
    );
  });

  it.each(LEAKS)('is broken by $how', async ({ config = 'Versioned', wrapClient, message }) => {
    const { violation } = await play(storyOf(config), { wrapClient });
    expect(violation?.rule).toBe('I10');
    expect(violation?.message).toMatch(message);
  });

  it('is broken by an event', async () => {
    const { world } = await play(storyOf('Live'));
    world.auditor.mustTellNothing('an event', { note: `made with ${decoded(world)}` });
    expect(world.violation?.message).toBe('an event shows "password" of Secret web-keys');
  });
});
