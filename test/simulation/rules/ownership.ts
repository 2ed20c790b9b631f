// SPDX-License-Identifier: Apache-2.0
import { DELETION_COST } from '../../../operator/controllers/rollout/pod-projection.ts';
import { Annotations, Labels } from '../../../operator/api/group.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { beforeAnnotation } from '../../../operator/providers/traffic/weights/note.ts';
import { isEqual } from '../api/json.ts';
import type { Change } from '../api/server.ts';
import { NAMESPACE, specOf } from '../cluster/objects.ts';
import { ACTION } from '../cluster/actions.ts';
import {
  CANARY_SERVICE,
  HTTP_ROUTE,
  INGRESS,
  SERVICE,
  TRAEFIK_SERVICE,
  VIRTUAL_SERVICE,
} from '../cluster/names.ts';
import { WEIGHTED } from '../cluster/weighted-routes.ts';
import { untouchables } from '../../e2e/audit/http-route.ts';
import type { World } from '../world.ts';
import type { Auditor } from './auditor.ts';

type Seen = Pick<Change, 'key' | 'before' | 'after'>;

const SIDES = { service: SERVICE, canaryService: CANARY_SERVICE };

/** What says of a pod how soon it shall end. */
const ENDING = { [DELETION_COST]: '', [Annotations.costBefore]: '' };

type Rule = (auditor: Auditor, world: World, seen: Seen) => void;

/** Objects of the user of which some part may be written, by kind and key. */
const SHARED: Readonly<Record<string, Rule>> = {
  [`canaries ${NAMESPACE}/web`]: checkRollout,
  [`bluegreens ${NAMESPACE}/web`]: checkRollout,
  [`deployments ${NAMESPACE}/web`]: (auditor, _world, seen) => mustKeep(auditor, 'replicas', seen),
  [`services ${NAMESPACE}/${SERVICE}`]: (auditor, _world, seen) => mustKeep(auditor, 'selector', seen),
  [`ingresses ${NAMESPACE}/${INGRESS}`]: (auditor, world, seen) =>
    world.story.setup.router === 'alb' ? checkAction(auditor, seen) : checkOwned(auditor, world, seen),
  [`httproutes ${NAMESPACE}/${HTTP_ROUTE}`]: checkUserRoute,
  [`traefikservices ${NAMESPACE}/${TRAEFIK_SERVICE}`]: checkUserRoute,
  [`virtualservices ${NAMESPACE}/${VIRTUAL_SERVICE}`]: checkUserRoute,
};

/** I6: nothing outside the namespace, and of what is not ours only the fields that are said to be. */
export function checkOwnership(auditor: Auditor, world: World, { write, key, before, after }: Change): void {
  const { plural } = write.resource;
  const id = `${plural} ${key}`;
  auditor.must('I6', key.startsWith(`${NAMESPACE}/`), () => `${id} is outside of the namespace`);
  const rule = SHARED[id] ?? (plural === 'pods' ? checkPod : checkOwned);
  rule(auditor, world, { key: id, before, after });
}

function checkOwned(auditor: Auditor, world: World, { key, before, after }: Seen): void {
  const isOurs = (object: KubeObject | undefined) =>
    object === undefined ||
    object.metadata.ownerReferences?.some((owner) => isOwner(world, owner.uid)) === true;
  auditor.must('I6', isOurs(before) && isOurs(after), () => `${key} does not belong to the Canary`);
}

/** The Canary, or a revision of it, to which its copies of config belong; also one that is gone, which nobody may know yet. */
function isOwner({ rollout, server }: World, uid: string): boolean {
  if (uid === rollout?.metadata.uid) return true;
  const made = server.changes(resources.deployments).find(({ after }) => after?.metadata.uid === uid);
  const revision = made?.after;
  return revision?.metadata.ownerReferences?.some((owner) => owner.uid === rollout?.metadata.uid) === true;
}

function checkRollout(auditor: Auditor, world: World, { key, before, after }: Seen): void {
  auditor.must('I6', isFilledIn(before, after), () => `the spec of ${key} is changed`);
}

/** Of the spec of a Canary or a BlueGreen only `replicas` may change, and only where there is no number yet. */
function isFilledIn(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  if (!before || !after) return true;
  const { replicas: had } = specOf(before);
  const { replicas: _number, ...rest } = specOf(after);
  return isEqual(specOf(before), had === undefined ? rest : specOf(after));
}

/** A pod that it made, of which it changes nothing but what takes it out of its Services and lets it in again. */
function checkPod(auditor: Auditor, world: World, { key, before, after }: Seen): void {
  const name = before?.metadata.labels?.[Labels.canary];
  const isOurs = before !== undefined && after !== undefined && name === world.rollout?.metadata.name;
  auditor.must('I6', isOurs, () => `${key} is made, deleted or of somebody else`);
  if (!before || !after) return;
  const kept = ({ metadata, ...rest }: KubeObject) => ({
    ...rest,
    labels: { ...metadata.labels, [Labels.serving]: '' },
    annotations: { ...metadata.annotations, ...ENDING },
  });
  auditor.must('I6', isEqual(kept(before), kept(after)), () => `of ${key} more than its place is changed`);
}

/** Of the user's route the weights of the Service, the canary beside it, and the note of what was before. */
function checkUserRoute(auditor: Auditor, { story }: World, { key, before, after }: Seen): void {
  const asHttpRoute = WEIGHTED[story.setup.router]?.asHttpRoute ?? ((route: KubeObject) => route);
  // the API server gives the fields an order of its own
  const kept = (route: KubeObject): unknown => {
    const { labels = {}, annotations = {} } = route.metadata;
    const parts = { metadata: { labels, annotations }, spec: specOf(asHttpRoute(route)) };
    return JSON.parse(untouchables(parts as Parameters<typeof untouchables>[0], SIDES));
  };
  const isKept = before !== undefined && after !== undefined && isEqual(kept(before), kept(after));
  auditor.must('I6', isKept, () => `of ${key} more than the weights is changed`);
}

/** Of the user's Ingress the annotation of the action, and the note of what it was before. */
function checkAction(auditor: Auditor, { key, before, after }: Seen): void {
  const kept = ({ metadata, spec }: KubeObject) => {
    const { [ACTION]: _action, [beforeAnnotation(SERVICE)]: _note, ...others } = metadata.annotations ?? {};
    return { spec, labels: metadata.labels ?? {}, others };
  };
  const isKept = before !== undefined && after !== undefined && isEqual(kept(before), kept(after));
  auditor.must('I6', isKept, () => `of ${key} more than the action is changed`);
}

function mustKeep(auditor: Auditor, field: string, { key: id, before, after }: Seen): void {
  if (!before || !after) {
    auditor.must('I6', false, () => `${id} is made or deleted`);
    return;
  }
  const without = (object: KubeObject) => ({ ...specOf(object), [field]: undefined });
  const isSame =
    isEqual(without(before), without(after)) && isEqual(before.metadata.labels, after.metadata.labels);
  auditor.must('I6', isSame, () => `of ${id} more than ${field} is changed`);
}
