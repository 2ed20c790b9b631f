// SPDX-License-Identifier: Apache-2.0
import { Annotations } from '../../../operator/api/group.ts';
import { specOf } from '../cluster/objects.ts';
import type { World } from '../world.ts';

/** Somebody asks for an action, of the release as it then is. */
export function ask(world: World, verb: string): void {
  const revision = world.status?.canary?.revision ?? 'none';
  const value = `${verb}/${revision}/${Math.round(world.sinceMs)}`;
  world.change('user', world.resource, 'web', (object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      annotations: { ...object.metadata.annotations, [Annotations.action]: value },
    },
  }));
}

/** Somebody edits the spec of the Canary or the BlueGreen; a field that is undefined is taken out. */
export function specify(world: World, more: Readonly<Record<string, unknown>>): void {
  world.change('user', world.resource, 'web', (object) => {
    const fields = Object.entries({ ...specOf(object), ...more });
    return { ...object, spec: Object.fromEntries(fields.filter(([, value]) => value !== undefined)) };
  });
}
