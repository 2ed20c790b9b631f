// SPDX-License-Identifier: Apache-2.0
import { Annotations, Labels, MANAGED_BY } from '../../../api/group.ts';
import { canonicalJson, childName, labelValue, shortHash } from '../../../engine/names.ts';
import { ourLabels, ownerReference } from '../../../engine/ownership.ts';
import type { AppliedObject } from '../../../kube/client.ts';
import { jsonPointerSegment } from '../../../kube/objects.ts';
import { withoutTracking } from '../tracking.ts';
import type { RouteOverwrite, RouteWrite } from '../types.ts';
import { hostOf, isHostOf } from './hosts.ts';
import type { DestinationRuleSnapshot, IstioTarget } from './schema.ts';

const MAX_NAME = 253;

/** The value of the role label of a copied DestinationRule. */
export const DESTINATION_RULE_ROLE = 'destination-rule';

/**
 * A DestinationRule of the user for the Service, and the copy that holds for the canary Service: what it says of TLS,
 * pools, outliers and subsets holds for one host alone.
 */
interface Copy {
  readonly name: string;
  readonly original: DestinationRuleSnapshot;
  readonly live: DestinationRuleSnapshot | undefined;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** DestinationRules of the user for the Service, oldest first: the order in which Istio merges them. */
export function originalsOf(target: IstioTarget): DestinationRuleSnapshot[] {
  return target.destinationRules
    .filter((rule) => !rule.deleting && isHostOf(rule.host, target))
    .toSorted((a, b) => orderText(a).localeCompare(orderText(b)));
}

function orderText({ createdAt, name }: DestinationRuleSnapshot): string {
  return `${createdAt} ${name}`;
}

function copiesOf(target: IstioTarget): Copy[] {
  return originalsOf(target).map((original) => {
    const name = copyName(original);
    const host = hostOf(original.host, target.service, target.canaryService);
    const live = target.destinationRules.find((rule) => rule.name === name);
    return { name, original, live, spec: { ...original.spec, host } };
  });
}

function copyName({ name }: DestinationRuleSnapshot): string {
  return childName(name, '-canary', MAX_NAME);
}

/** Ours by its owner; where somebody took that away, by its labels. */
function isOurs({ canary }: IstioTarget, { controllerUid, labels }: DestinationRuleSnapshot): boolean {
  if (controllerUid !== undefined) return controllerUid === canary.uid;
  return (
    labels[Labels.managedBy] === MANAGED_BY &&
    labels[Labels.canary] === labelValue(canary.name) &&
    labels[Labels.role] === DESTINATION_RULE_ROLE
  );
}

/** Names of copies that somebody else's DestinationRule has. */
export function takenNames(target: IstioTarget): string[] {
  return copiesOf(target)
    .filter(({ live }) => live && !isOurs(target, live))
    .map(({ name }) => name);
}

/** Whether anything that is said of the Service has to be said of the canary Service too. */
export function needsCopies(target: IstioTarget): boolean {
  return originalsOf(target).length > 0;
}

/** The writes after which every copy says what its original says, and no other is there. */
export function planCopies(target: IstioTarget): RouteWrite[] {
  const copies = copiesOf(target);
  const names = new Set(copies.map(({ name }) => name));
  return [...copies.flatMap((copy) => writeOf(target, copy)), ...planNoCopies(target, names)];
}

/** The writes after which no copy is there, but for those of these names. */
export function planNoCopies(target: IstioTarget, kept: ReadonlySet<string> = new Set()): RouteWrite[] {
  return target.destinationRules
    .filter((rule) => !rule.deleting && isOurs(target, rule) && !kept.has(rule.name))
    .map(({ namespace, name, uid }) => ({
      kind: 'delete',
      resource: 'destinationRules',
      namespace,
      name,
      uid,
    }));
}

/** The first copy that somebody else has changed since Headway wrote it. */
export function findChangedCopy(target: IstioTarget): RouteOverwrite | undefined {
  const changed = copiesOf(target).find(
    ({ live, spec }) => live && isForeign(target, live) && !isSame(live.spec, spec),
  )?.live;
  if (!changed) return undefined;
  const field = `spec of DestinationRule ${changed.name}`;
  const manager = changed.otherWriter;
  return manager === undefined ? { field } : { field, manager };
}

function isForeign(target: IstioTarget, live: DestinationRuleSnapshot): boolean {
  return isOurs(target, live) && hashOf(live.spec) !== live.annotations?.[Annotations.written];
}

function isSame(one: object, other: object): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

function hashOf(spec: object): string {
  return shortHash(canonicalJson(spec));
}

/** What is there is replaced as a whole: an apply would leave in it what others have added. */
function writeOf(target: IstioTarget, { name, original, live, spec }: Copy): RouteWrite[] {
  if (live && !isOurs(target, live)) return [];
  const resource = 'destinationRules';
  if (live?.controllerUid !== target.canary.uid)
    return [{ kind: 'apply', resource, object: buildCopy(target, { name, original, spec }) }];
  if (isSame(live.spec, spec)) return [];
  const { namespace, resourceVersion } = live;
  const note = `/metadata/annotations/${jsonPointerSegment(Annotations.written)}`;
  return [
    {
      kind: 'patch',
      resource,
      namespace,
      name,
      operations: [
        { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
        { op: 'replace', path: '/spec', value: spec },
        live.annotations
          ? { op: 'add', path: note, value: hashOf(spec) }
          : { op: 'add', path: '/metadata/annotations', value: { [Annotations.written]: hashOf(spec) } },
      ],
    },
  ];
}

function buildCopy(
  { namespace, canary }: IstioTarget,
  { name, original, spec }: Pick<Copy, 'name' | 'original' | 'spec'>,
): AppliedObject {
  return {
    metadata: {
      name,
      namespace,
      labels: { ...withoutTracking(original.labels), ...ourLabels(canary.name, DESTINATION_RULE_ROLE) },
      annotations: {
        ...withoutTracking(original.annotations ?? {}),
        [Annotations.written]: hashOf(spec),
      },
      ownerReferences: [ownerReference(canary)],
    },
    spec,
  };
}
