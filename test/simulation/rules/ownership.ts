// SPDX-License-Identifier: Apache-2.0
import { DELETION_COST } from '../../../operator/controllers/canary/pod-projection.ts';
import { Annotations, Labels } from '../../../operator/api/group.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { isEqual } from '../api/json.ts';
import type { Change } from '../api/server.ts';
import { NAMESPACE, specOf } from '../cluster/objects.ts';
import { SERVICE } from '../cluster/routes.ts';
import type { World } from '../world.ts';
import type { Auditor } from './auditor.ts';

type Seen = Pick<Change, 'key' | 'before' | 'after'>;

/** What says of a pod how soon it shall end. */
const ENDING = { [DELETION_COST]: '', [Annotations.costBefore]: '' };

/** I6: nothing outside the namespace, and of what is not ours only the fields that are said to be. */
export function checkOwnership(auditor: Auditor, world: World, { write, key, before, after }: Change): void {
  const { plural } = write.resource;
  const id = `${plural} ${key}`;
  auditor.must('I6', key.startsWith(`${NAMESPACE}/`), () => `${id} is outside of the namespace`);
  if (key === `${NAMESPACE}/web` && plural === 'canaries') {
    auditor.must('I6', isFilledIn(before, after), () => 'the spec of the Canary is changed');
  } else if (key === `${NAMESPACE}/web` && plural === 'deployments') {
    mustKeep(auditor, { id, field: 'replicas', before, after });
  } else if (key === `${NAMESPACE}/${SERVICE}` && plural === 'services') {
    mustKeep(auditor, { id, field: 'selector', before, after });
  } else if (plural === 'pods') {
    checkPod(auditor, world, { key, before, after });
  } else {
    const uid = world.canary?.metadata.uid;
    const isOurs = (object: KubeObject | undefined) =>
      object === undefined || object.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
    auditor.must('I6', isOurs(before) && isOurs(after), () => `${id} does not belong to the Canary`);
  }
}

/** Of the spec of a Canary only `replicas` may change, and only where there is no number yet. */
function isFilledIn(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  if (!before || !after) return true;
  const { replicas: had } = specOf(before);
  const { replicas: _number, ...rest } = specOf(after);
  return isEqual(specOf(before), had === undefined ? rest : specOf(after));
}

/** A pod that it made, of which it changes nothing but what takes it out of its Services and lets it in again. */
function checkPod(auditor: Auditor, world: World, { key, before, after }: Seen): void {
  const name = before?.metadata.labels?.[Labels.canary];
  const isOurs = before !== undefined && after !== undefined && name === world.canary?.metadata.name;
  auditor.must('I6', isOurs, () => `pod ${key} is made, deleted or of somebody else`);
  if (!before || !after) return;
  const kept = ({ metadata, ...rest }: KubeObject) => ({
    ...rest,
    labels: { ...metadata.labels, [Labels.serving]: '' },
    annotations: { ...metadata.annotations, ...ENDING },
  });
  auditor.must(
    'I6',
    isEqual(kept(before), kept(after)),
    () => `of pod ${key} more than its place is changed`,
  );
}

function mustKeep(
  auditor: Auditor,
  at: { id: string; field: string; before: KubeObject | undefined; after: KubeObject | undefined },
): void {
  const { id, field, before, after } = at;
  if (!before || !after) {
    auditor.must('I6', false, () => `${id} is made or deleted`);
    return;
  }
  const without = (object: KubeObject) => ({ ...specOf(object), [field]: undefined });
  const isSame =
    isEqual(without(before), without(after)) && isEqual(before.metadata.labels, after.metadata.labels);
  auditor.must('I6', isSame, () => `of ${id} more than ${field} is changed`);
}
