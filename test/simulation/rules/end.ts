// SPDX-License-Identifier: Apache-2.0
import { Labels } from '../../../operator/api/group.ts';
import { Reasons } from '../../../operator/api/reasons.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { stripTemplate } from '../../../operator/controllers/rollout/templates.ts';
import { isEqual } from '../api/json.ts';
import { replicasOf, selectorOf, templateOf } from '../cluster/objects.ts';
import { CANARY_SERVICE, INGRESS, SECRET, SERVICE, SETTINGS } from '../cluster/names.ts';
import { routesOf } from '../story/objects.ts';
import type { World } from '../world.ts';

/** Phases in which a release may rest: it is over, or somebody else has the next word. */
const RESTING: ReadonlySet<string> = new Set([
  'Healthy',
  'RolledBack',
  'Paused',
  'Holding',
  'Pending',
  'Waiting',
  'Suspended',
]);

const CONFIG = [
  { resource: resources.configMaps, name: SETTINGS },
  { resource: resources.secrets, name: SECRET },
];

/** What is wrong with the cluster once all is quiet. */
export function checkEnd(world: World): void {
  if (!world.rollout) return checkGone(world);
  const { status } = world;
  const must = (holds: boolean, message: () => string) => {
    if (!holds) world.violate('end', `${message()}; the status says: ${status?.phase} "${status?.message}"`);
  };
  if (world.rollout.metadata.deletionTimestamp) return checkDeleting(world, must);
  must(mayRest(world), () => 'the release stands still on its way');
  if (status?.phase === 'RollingBack') mustBeAnswered(world, must);
  if (status?.phase === 'Healthy') checkHealthy(world, must);
  if (status?.phase === 'RolledBack') checkRolledBack(world, must);
  if (status?.stage === 'Refused') checkRefused(world, must);
}

function checkRolledBack(world: World, must: Must): void {
  const revision = world.status?.stable?.revision;
  mustServe(world, revision, must);
  if (world.story.setup.blueGreen) mustPreview(world, revision, must);
}

function mayRest(world: World): boolean {
  return RESTING.has(world.status?.phase ?? '') || isWaitingForPods(world) || isWayBackToNobody(world);
}

type Must = (holds: boolean, message: () => string) => void;

/** A template whose pods never get ready keeps the deletion waiting: traffic stays where it is. */
function checkDeleting(world: World, must: Must): void {
  if (isDeletionHeld(world)) mustServe(world, world.status?.stable?.revision, must);
  else must(isWaitingForPods(world), () => 'the Canary does not go away');
}

/** What was refused gets no traffic by a deletion (docs/adr/0020). */
function isDeletionHeld({ status }: World): boolean {
  return status?.conditions?.some(({ reason }) => reason === Reasons.DeletionHeld) === true;
}

function isWaitingForPods({ status, get }: World): boolean {
  return (
    /waits for (Deployment web to have|\d+ ready pods? of its first)/.test(status?.message ?? '') &&
    get !== undefined
  );
}

/** Pods of stable that cannot start, for which nobody can be blamed who says which and why. */
function isWayBackToNobody({ status }: World): boolean {
  return (
    status?.phase === 'RollingBack' && /; waits for \d+ ready stable pods? \(.+\)/.test(status.message ?? '')
  );
}

function mustBeAnswered({ dataPlane }: World, must: Must): void {
  const { nowhere } = dataPlane.served;
  must(nowhere.length === 0, () => `requests to Service ${nowhere.join(', ')} find no pod`);
}

function checkHealthy(world: World, must: Must): void {
  const revision = world.status?.stable?.revision;
  const [target, stable] = [
    world.get(resources.deployments, 'web'),
    world.get(resources.deployments, `web-${revision}`),
  ];
  const isSame = target && stable && isEqual(stripTemplate(templateOf(target)), originalTemplate(stable));
  must(isSame === true, () => `stable revision ${revision} has not the template of the Deployment`);
  must(
    stable === undefined || replicasOf(stable) === world.auditor.total,
    () => `stable has ${stable && replicasOf(stable)} replicas instead of ${world.auditor.total}`,
  );
  must(!world.get(resources.ingresses, `${INGRESS}-canary`), () => 'the canary Ingress is still there');
  checkUserRoute(world, must);
  checkConfig(world, must);
  if (world.story.setup.blueGreen) mustPreview(world, revision, must);
  else must(!world.get(resources.services, CANARY_SERVICE), () => 'the canary Service is still there');
  must(
    target === undefined || replicasOf(target) === 0,
    () => `Deployment web has ${target && replicasOf(target)} replicas beside those of the revision`,
  );
  mustServe(world, revision, must);
}

/** What was refused before anybody was served gets no request, and has no pod. */
function checkRefused({ auditor, dataPlane, pods, status }: World, must: Must): void {
  const revision = status?.canary?.revision;
  const left = [...pods.all.values()].filter((pod) => pod.revision === revision);
  must(left.length === 0, () => `refused revision ${revision} has ${left.length} pods left`);
  const { shares } = dataPlane.served;
  must(auditor.isRivalled || shares.size === 0, () => `requests go to ${[...shares.keys()].join(', ')}`);
}

/** The template that a revision was made from: without its labels, and with the config that it has copies of. */
function originalTemplate(revision: KubeObject): unknown {
  const suffix = `-${revision.metadata.labels?.[Labels.revision]}"`;
  return JSON.parse(JSON.stringify(stripTemplate(templateOf(revision))).replaceAll(suffix, '"'));
}

/** At rest the stable revision runs with what the user has written. */
function checkConfig(world: World, must: Must): void {
  if (world.story.setup.config !== 'Versioned') return;
  const revision = world.status?.stable?.revision;
  for (const { resource, name } of CONFIG) {
    const [original, copy] = [world.get(resource, name), world.get(resource, `${name}-${revision}`)];
    const isSame = isEqual(original?.['data'], copy?.['data']);
    must(isSame, () => `${resource.kind} ${name} is not what stable revision ${revision} has a copy of`);
  }
}

/** At rest the user's route is as it was written. */
function checkUserRoute(world: World, must: Must): void {
  const [was] = routesOf(world.story.setup);
  if (!was || world.auditor.isRivalled) return;
  const { name = '' } = was.object.metadata;
  const route = world.get(was.resource, name);
  if (!route) return;
  const seen = ({ metadata, spec }: KubeObject) => ({ spec, annotations: metadata.annotations ?? {} });
  const isSame = isEqual(seen(route), seen(was.object));
  must(isSame, () => `${was.resource.kind} ${name} is left as ${JSON.stringify(seen(route))}`);
}

function mustServe(world: World, revision: string | undefined, must: Must): void {
  if (world.auditor.total === 0) return;
  const { shares } = world.dataPlane.served;
  const others = [...shares.keys()].filter((name) => world.pods.all.get(name)?.revision !== revision);
  must(
    shares.size > 0 && others.length === 0,
    () =>
      `requests go to ${[...shares.keys()].join(', ') || 'nobody'}, and not to revision ${revision} alone`,
  );
}

/** With nothing to preview whoever asks the preview Service finds what clients reach. */
function mustPreview(world: World, revision: string | undefined, must: Must): void {
  if (world.auditor.total === 0) return;
  const { preview = [] } = world.dataPlane.served;
  const others = preview.filter((name) => world.pods.all.get(name)?.revision !== revision);
  must(
    preview.length > 0 && others.length === 0,
    () => `the preview Service leads to ${preview.join(', ') || 'nobody'}, and not to revision ${revision}`,
  );
}

/** After a deletion everything is as it was found. */
function checkGone(world: World): void {
  const must = (holds: boolean, message: () => string) => {
    if (!holds) world.violate('end', `after the deletion ${message()}`);
  };
  const service = world.get(resources.services, SERVICE);
  const target = world.get(resources.deployments, 'web');
  must(
    !service || world.auditor.isRivalled || isEqual(selectorOf(service), { app: 'web' }),
    () => `the Service names ${JSON.stringify(selectorOf(service ?? ({} as never)))}`,
  );
  must(
    !target || world.auditor.isRivalled || replicasOf(target) > 0 || world.auditor.total === 0,
    () => 'the Deployment is left at 0 replicas',
  );
  checkUserRoute(world, must);
  for (const resource of [
    resources.deployments,
    resources.services,
    resources.ingresses,
    resources.httpRoutes,
    resources.configMaps,
    resources.secrets,
  ]) {
    const ours = world.server
      .list(resource)
      .filter(({ metadata }) => metadata.labels?.[Labels.canary] !== undefined);
    must(
      ours.length === 0,
      () => `${ours.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')} is left`,
    );
  }
}
