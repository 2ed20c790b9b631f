// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { type Resource, resources } from '../../../operator/kube/resources.ts';
import { NAMESPACE } from '../cluster/objects.ts';
import { SECRET, SETTINGS } from '../cluster/names.ts';
import type { World } from '../world.ts';
import type { ActKind } from './acts.ts';
import type { Setup } from './story.ts';

/** What the pods of a story read from, where its setup has config. */
export function configObjects({ config }: Setup): { resource: Resource; object: KubeObject }[] {
  if (config === undefined) return [];
  return [
    { resource: resources.configMaps, object: object('ConfigMap', SETTINGS, { colour: 'green' }) },
    { resource: resources.secrets, object: object('Secret', SECRET, secretData(0)) },
  ];
}

/** The part of a pod template that names them. */
export function configSources({ config }: Setup): object {
  return config === undefined
    ? {}
    : { envFrom: [{ configMapRef: { name: SETTINGS } }, { secretRef: { name: SECRET } }] };
}

/** Changes of the config alone. */
export const CONFIG_ACTS: Readonly<Record<string, ActKind>> = {
  secret: {
    share: 2,
    draw: (random) => random.int(1, 3),
    perform: (world, number) =>
      world.change('user', resources.secrets, SECRET, (held) => ({
        ...held,
        data: secretData(Number(number)),
      })),
  },
  settings: {
    share: 1,
    draw: (random) => random.pick(['green', 'blue']),
    perform: (world, colour) =>
      world.change('user', resources.configMaps, SETTINGS, (held) => ({ ...held, data: { colour } })),
  },
  'config-goes': {
    share: 2,
    excusesMs: 60_000,
    draw: (random) => random.pick(['secret', 'settings', 'secret of stable', 'settings of stable']),
    perform(world, which) {
      const isSecret = String(which).startsWith('secret');
      const resource = isSecret ? resources.secrets : resources.configMaps;
      const name = isSecret ? SECRET : SETTINGS;
      const copy = `${name}-${world.status?.stable?.revision}`;
      if (String(which).endsWith('stable')) goesFor(world, { resource, name: copy });
      else goesFor(world, { resource, name, backMs: 20_000 });
    },
  },
  'secret-forbidden': {
    share: 1,
    draw: (random) => random.pick([10_000, 60_000]),
    perform: (world, ms) =>
      world.faults.forbiddenUntil.set(resources.secrets.plural, world.timeline.now + Number(ms)),
  },
};

/** Somebody deletes it; what belongs to the user comes back later. */
function goesFor(
  world: World,
  { resource, name, backMs }: { resource: Resource; name: string; backMs?: number },
): void {
  const held = world.get(resource, name);
  if (!held) return;
  world.remove('rival', resource, name);
  if (backMs === undefined) return;
  const { apiVersion, kind, metadata, ...content } = held;
  world.timeline.after(backMs, () => {
    if (world.get(resource, name)) return;
    world.create(resource, {
      apiVersion,
      kind,
      metadata: { namespace: NAMESPACE, name: metadata.name ?? '' },
      ...content,
    });
  });
}

/** Values that appear nowhere else. */
function secretData(number: number): Record<string, string> {
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  return { password: encoded(`open-sesame-${number}`), pin: encoded(`47${number}1`) };
}

function object(kind: string, name: string, data: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { namespace: NAMESPACE, name }, data };
}
