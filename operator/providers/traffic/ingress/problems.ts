// SPDX-License-Identifier: Apache-2.0
import { Reasons } from '../../../api/reasons.ts';
import type { RouteProblem } from '../types.ts';
import { canaryKeys, isCanaryIngress, valueOf } from './annotations.ts';
import { namesService } from './canary-ingress.ts';
import { isOurs } from './ownership.ts';
import type { IngressPath, IngressSnapshot, IngressTarget } from './schema.ts';

const MAX_LISTED = 5;

/** Why the user's Ingress cannot be split, all reasons at once; empty when it can. */
export function findProblems(target: IngressTarget): RouteProblem[] {
  const { ingress, ingressName, namespace } = target;
  if (!ingress) {
    const message = `Ingress ${ingressName} does not exist in namespace ${namespace}`;
    return [{ reason: Reasons.IngressNotFound, message }, ...nameProblems(target)];
  }
  const sentences = [
    ...annotationSentences(target, ingress),
    ...pathSentences(target, ingress),
    ...rivalSentences(target, ingress),
  ];
  const unsupported = sentences.map((message) => ({ reason: Reasons.IngressNotSupported, message }));
  return [...unsupported, ...nameProblems(target)];
}

/** What the weight does not reach although the Ingress routes it to the Service. */
export function findExceptions({ ingress, service }: IngressTarget): string[] {
  if (ingress?.spec.defaultBackend?.service?.name !== service) return [];
  const sentence = `requests that only the default backend of Ingress ${ingress.name} takes do not follow the weight; they stay on the stable revision`;
  return [sentence];
}

function nameProblems(target: IngressTarget): RouteProblem[] {
  const { canaryIngress, canary } = target;
  if (!canaryIngress || isOurs(target, canaryIngress)) return [];
  const owner = canaryIngress.controller;
  const whose = owner ? `belongs to ${owner.kind} ${owner.name}` : 'was not made by Headway';
  const message = `Ingress ${canaryIngress.name} is needed for ${canary.kind} ${canary.name}, but it exists and ${whose}; rename or delete it`;
  return [{ reason: Reasons.NameTaken, message }];
}

function annotationSentences({ annotationPrefix }: IngressTarget, ingress: IngressSnapshot): string[] {
  const { canary, passthrough } = canaryKeys(annotationPrefix);
  const sentences: string[] = [];
  if (isCanaryIngress(ingress, annotationPrefix)) {
    sentences.push(
      `Ingress ${ingress.name} is itself a canary (${canary}); name the Ingress that it belongs to`,
    );
  }
  if (valueOf(ingress, passthrough)?.toLowerCase() === 'true') {
    sentences.push(
      `Ingress ${ingress.name} passes TLS through (${passthrough}); connections that are not decrypted cannot be split`,
    );
  }
  return sentences;
}

interface RoutedPath {
  /** Pairs a canary with its original: host, path and path type. */
  readonly key: string;
  /** For people. */
  readonly url: string;
  readonly path: IngressPath;
}

function routedPaths(ingress: IngressSnapshot): RoutedPath[] {
  return ingress.spec.rules.flatMap((rule) =>
    (rule.http?.paths ?? []).map((path) => {
      const url = `${rule.host ?? ''}${path.path ?? ''}` || '/';
      return { key: `${url} ${path.pathType ?? 'Prefix'}`, url, path };
    }),
  );
}

function pathSentences({ service }: IngressTarget, ingress: IngressSnapshot): string[] {
  const paths = routedPaths(ingress);
  if (paths.some(({ path }) => namesService(path, service))) return [];
  if (ingress.spec.defaultBackend?.service?.name === service) {
    return [
      `Ingress ${ingress.name} leads to Service ${service} only by its default backend, which cannot be split; add a rule with a path to it`,
    ];
  }
  const found = paths.length === 0 ? 'it has no paths' : `its paths lead to ${listed(paths)}`;
  return [`no path of Ingress ${ingress.name} leads to Service ${service}; ${found}`];
}

function listed(paths: readonly RoutedPath[]): string {
  const shown = paths.slice(0, MAX_LISTED).map(({ path, url }) => `${backendName(path)} (${url})`);
  const more = paths.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function backendName({ backend }: IngressPath): string {
  if (backend.service) return backend.service.name;
  return backend.resource ? `${backend.resource.kind} ${backend.resource.name}` : 'nothing';
}

/** A controller takes one canary for a path and leaves out every other one. */
function rivalSentences(target: IngressTarget, ingress: IngressSnapshot): string[] {
  const { service, annotationPrefix } = target;
  const wanted = new Set(
    routedPaths(ingress)
      .filter(({ path }) => namesService(path, service))
      .map(({ key }) => key),
  );
  return target.neighbours.flatMap((neighbour) => {
    if (!isCanaryIngress(neighbour, annotationPrefix) || neighbour.uid === ingress.uid) return [];
    if (neighbour.uid === target.canaryIngress?.uid) return [];
    const shared = routedPaths(neighbour).find(({ key }) => wanted.has(key));
    if (!shared) return [];
    return [
      `Ingress ${neighbour.name} already is the canary for ${shared.url}, and a path can have only one; delete it`,
    ];
  });
}
