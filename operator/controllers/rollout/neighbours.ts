// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from '../../engine/rollout/rollout.ts';
import type { OverlapFacts, RivalFacts } from '../../engine/rollout/types.ts';
import type { RolloutProjection } from './rollout-projection.ts';
import type { DeploymentProjection } from './projections.ts';
import type { ServiceProjection } from './service-projection.ts';
import { withoutPin } from './selectors.ts';
import type { Store } from '../../runtime/store.ts';
import type { RolloutResource } from './served-kind.ts';
import type { RolloutStores } from './stores.ts';

type Labels = Readonly<Record<string, string>>;

/** The kinds that only one Canary can govern at a time, by the indexes under which those that name one are found. */
const GOVERNED = [
  ['target', 'Deployment'],
  ['service', 'Service'],
  ['ingress', 'Ingress'],
] as const;

/** Other Canaries that name the target, the Service or the Ingress of this one; those that are being deleted too. */
export function observeRivals({ metadata, spec }: Rollout, stores: RolloutStores): RivalFacts[] {
  const { namespace, uid } = metadata;
  const names = {
    target: spec.targetRef.name,
    service: spec.service.name,
    ingress: spec.traffic?.ingress?.name,
  };
  return findRivals({ namespace, uid, refs: names }, stores).map(([rival, shares]) => ({
    kind: rival.kind,
    name: rival.name,
    uid: rival.uid,
    createdAt: rival.createdAt,
    shares,
    holds: stores.deployments.byIndex('controller', rival.uid).length > 0,
  }));
}

interface Named {
  readonly namespace: string;
  readonly uid: string;
  readonly refs: { readonly [K in (typeof GOVERNED)[number][0]]?: string | undefined };
}

type Kept = Pick<RolloutStores, RolloutResource>;

/** The stores of every kind of release. */
export function rolloutStores({ canaries, blueGreens }: Kept): readonly Store<RolloutProjection>[] {
  return [canaries, blueGreens];
}

/** The releases of whatever kind that share an object with this one, each with what they share. */
export function findRivals({ namespace, uid, refs }: Named, stores: Kept) {
  const found = new Map<RolloutProjection, string[]>();
  for (const [index, kind] of GOVERNED) {
    const name = refs[index];
    if (name === undefined) continue;
    const others = rolloutStores(stores).flatMap((store) => store.byIndex(index, `${namespace}/${name}`));
    for (const other of others) {
      if (other.uid === uid || other.refs[index] !== name) continue;
      found.set(other, [...(found.get(other) ?? []), `${kind} ${name}`]);
    }
  }
  return [...found];
}

/**
 * Other Deployments with pods that the Service, or the target itself, does not tell from the target's. Looked for until
 * the Deployment is adopted: from then on the Service names a revision, which others do not have.
 */
export function observeOverlaps(
  rollout: Rollout,
  target: DeploymentProjection | undefined,
  { service, stores }: { service: ServiceProjection | undefined; stores: RolloutStores },
): OverlapFacts[] {
  if (!target || rollout.status?.stable) return [];
  const selector = withoutPin(service?.selector ?? {});
  const others = stores.deployments
    .list(target.namespace)
    .filter(
      ({ uid, controllerUid, replicas }) =>
        uid !== target.uid && controllerUid !== rollout.metadata.uid && replicas > 0,
    );
  return others.flatMap((other): OverlapFacts[] => {
    const { name: deployment } = other;
    if (Object.keys(selector).length > 0 && covers(selector, other.podLabels))
      return [{ deployment, by: 'Service' }];
    const isMixed = covers(target.selector, other.podLabels) || covers(other.selector, target.podLabels);
    return isMixed ? [{ deployment, by: 'Deployment' }] : [];
  });
}

/** Whether a selector by labels finds pods with these labels. One without labels (by expressions) is not judged. */
function covers(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
