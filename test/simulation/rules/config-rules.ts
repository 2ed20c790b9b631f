// SPDX-License-Identifier: Apache-2.0
import { resources } from '../../../operator/kube/resources.ts';
import type { Change } from '../api/server.ts';
import { NAMESPACE, replicasOf, templateOf } from '../cluster/objects.ts';
import { sourcesOf } from '../cluster/pods.ts';
import type { World } from '../world.ts';
import type { Auditor } from './auditor.ts';

/** A revision that has no pod yet gets its first when all is there that they read from. */
export function checkConfig(auditor: Auditor, world: World, { write, key, before, after }: Change): void {
  if (write.resource !== resources.deployments || !after || auditor.isExcused) return;
  const had = before ? replicasOf(before) : 0;
  if (had > 0 || replicasOf(after) === 0) return;
  const missing = sourcesOf(templateOf(after)).find(
    ({ resource, name }) => !world.server.get(resource, `${NAMESPACE}/${name}`),
  );
  auditor.must(
    'config',
    missing === undefined,
    () => `deployments ${key} gets its first pod before ${missing?.resource.kind} ${missing?.name} is there`,
  );
}
