// SPDX-License-Identifier: Apache-2.0
import { API_VERSION } from '../../operator/api/group.ts';
import type { Traffic } from '../../operator/api/traffic.ts';
import { previewServiceName } from '../../operator/engine/blue-green/rollout-of.ts';
import { canaryServiceName } from '../../operator/engine/rollout/names.ts';
import { isRelease, isSameNamespace, type Known, type KnownRelease } from '../manifests/known.ts';
import { isJson, type Manifest } from '../manifests/manifests.ts';
import type { Path } from '../manifests/offsets.ts';
import { type Problem, problemAt, type Severity } from './problem.ts';

/** What is wrong between the objects of the input. */
export function lintNeighbours(all: readonly Manifest[], known: readonly Known[]): Problem[] {
  const releases = known.filter(isRelease);
  return [...twice(all), ...conflicts(releases), ...releases.flatMap((release) => ofNamed(release, all))];
}

function twice(all: readonly Manifest[]): Problem[] {
  const seen = new Map<string, Manifest>();
  return all
    .filter(({ apiVersion, name }) => apiVersion === API_VERSION && name !== '')
    .flatMap((manifest) => {
      const key = `${manifest.kind} ${manifest.namespace} ${manifest.name}`;
      const first = seen.get(key);
      seen.set(key, first ?? manifest);
      if (!first) return [];
      const message = `${manifest.kind} ${manifest.name} is in ${placeOf(first)} already; the one that is applied last wins, so keep one of them`;
      return [
        problemAt(manifest, ['metadata', 'name'], { severity: togetherness(manifest, first), message }),
      ];
    });
}

/** Files that say no namespace may be meant for different ones, as those of a test and of a production cluster are. */
function togetherness(one: Manifest, other: Manifest): Severity {
  const isApart = one.namespace === '' && one.at([]).file !== other.at([]).file;
  return isApart && one.kind !== 'MetricsProvider' ? 'note' : 'error';
}

function placeOf(manifest: Manifest): string {
  const { file, line } = manifest.at([]);
  return `${file}:${line}`;
}

interface Claim {
  readonly what: string;
  readonly path: Path;
  readonly by: KnownRelease;
}

function conflicts(releases: readonly KnownRelease[]): Problem[] {
  const claims = releases.flatMap(claimsOf);
  return claims.flatMap(({ what, path, by }, index) => {
    const rival = claims.slice(0, index).find((other) => other.what === what && isRival(other.by, by));
    if (!rival) return [];
    const { kind, manifest } = rival.by;
    const message = `${what} is governed by ${kind} ${manifest.name} of ${placeOf(manifest)} already; of two the older one governs, so give each its own`;
    return [problemAt(by.manifest, path, { severity: togetherness(by.manifest, manifest), message })];
  });
}

/** Of the same name they are one object, which is told of elsewhere. */
function isRival(
  { kind, manifest: one }: KnownRelease,
  { kind: otherKind, manifest: other }: KnownRelease,
): boolean {
  const isSame = kind === otherKind && one.name === other.name;
  return !isSame && one.namespace === other.namespace;
}

function claimsOf(by: KnownRelease): Claim[] {
  const { targetRef, service, traffic } = by.spec;
  return [
    { what: `Deployment ${targetRef.name}`, path: ['spec', 'targetRef', 'name'], by },
    { what: `Service ${service.name}`, path: ['spec', 'service', 'name'], by },
    ...ingressOf(traffic, service.name).map(({ what, path }) => ({ what, path, by })),
  ];
}

function ingressOf(traffic: Traffic | undefined, service: string): Omit<Claim, 'by'>[] {
  const { ingress, alb } = traffic ?? {};
  if (ingress) return [{ what: `Ingress ${ingress.name}`, path: ['spec', 'traffic', 'ingress', 'name'] }];
  if (!alb) return [];
  const what = `action ${alb.action ?? service} of Ingress ${alb.ingress}`;
  return [{ what, path: ['spec', 'traffic', 'alb', 'ingress'] }];
}

/** What is wrong with the objects that a release names, as far as they are in the input. */
function ofNamed(release: KnownRelease, all: readonly Manifest[]): Problem[] {
  const near = all.filter((other) => isSameNamespace(release.manifest, other));
  const { targetRef, service } = release.spec;
  return [
    ...near.filter(isOf('Service', service.name)).flatMap(ofService),
    ...near.filter(isOf('Deployment', targetRef.name)).flatMap(ofDeployment),
    ...near.filter(isOf('Service', ownService(release))).map((found) => ofOwnService(release, found)),
    ...near
      .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
      .flatMap((found) => ofScaler(release, found)),
  ];
}

function isOf(kind: string, name: string | undefined): (manifest: Manifest) => boolean {
  return (manifest) => manifest.kind === kind && manifest.name === name;
}

function ofService(manifest: Manifest): Problem[] {
  const spec = specOf(manifest);
  const found: Problem[] = [];
  if (!isJson(spec['selector']) || Object.keys(spec['selector']).length === 0) {
    const message = 'a Service without a selector cannot be governed; give it the labels of the pods';
    found.push(problemAt(manifest, ['spec', 'selector'], { message }));
  }
  if (spec['clusterIP'] === 'None') {
    const message = 'a headless Service cannot be governed; let clients use one that has an address';
    found.push(problemAt(manifest, ['spec', 'clusterIP'], { message }));
  }
  if (spec['type'] === 'ExternalName') {
    const message = 'a Service of type ExternalName has no pods, so that it cannot be governed';
    found.push(problemAt(manifest, ['spec', 'type'], { message }));
  }
  return found;
}

function ofDeployment(manifest: Manifest): Problem[] {
  const { selector } = specOf(manifest);
  if (!isJson(selector) || selector['matchExpressions'] === undefined) return [];
  const message =
    'a Deployment that is governed selects its pods by matchLabels alone; say it with matchLabels';
  return [problemAt(manifest, ['spec', 'selector', 'matchExpressions'], { message })];
}

/** The Service that Headway makes for a release, if any. */
function ownService({ kind, spec }: KnownRelease): string | undefined {
  if (kind === 'BlueGreen') return previewServiceName(spec);
  return spec.traffic && canaryServiceName(spec.service.name);
}

function ofOwnService({ kind, manifest }: KnownRelease, found: Manifest): Problem {
  const message = `Headway makes this Service for ${kind} ${manifest.name} and takes none that somebody else made; leave it out${kind === 'BlueGreen' ? ', or give previewService another name' : ''}`;
  return problemAt(found, ['metadata', 'name'], { message });
}

function ofScaler({ kind, manifest, spec }: KnownRelease, found: Manifest): Problem[] {
  const { scaleTargetRef } = specOf(found);
  if (!isJson(scaleTargetRef) || scaleTargetRef['kind'] !== 'Deployment') return [];
  if (scaleTargetRef['name'] !== spec.targetRef.name) return [];
  const message = `Deployment ${spec.targetRef.name} stands at 0 once ${kind} ${manifest.name} has adopted it, and nothing scales any more; point it at ${kind} ${manifest.name} of ${API_VERSION} then`;
  return [problemAt(found, ['spec', 'scaleTargetRef'], { severity: 'warning', message })];
}

function specOf({ value }: Manifest): Readonly<Record<string, unknown>> {
  return isJson(value['spec']) ? value['spec'] : {};
}
