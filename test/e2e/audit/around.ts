// SPDX-License-Identifier: Apache-2.0
import { type ListedPod, listedPods } from './endpoints.ts';
import type { AuditWrite } from './log.ts';

/** Writes by which requests go another way, or pods begin and end; what else happens explains no loss. */
const TOLD = [
  'pods',
  'endpointslices',
  'services',
  'deployments',
  'ingresses',
  'httproutes',
  'traefikservices',
];

/** What was written within so many ms of a moment, a line each: when, who, what. A pod that begins explains nothing. */
export function writesAround(writes: readonly AuditWrite[], atMs: number, withinMs: number): string[] {
  return writes
    .filter((write) => Math.abs(write.atMs - atMs) <= withinMs && TOLD.includes(write.resource))
    .filter(
      ({ resource, subresource, verb }) => subresource === '' && !(resource === 'pods' && verb === 'create'),
    )
    .map((write) => lineOf(write, atMs));
}

function lineOf(write: AuditWrite, atMs: number): string {
  const { user, verb, resource, name, code } = write;
  const seconds = ((write.atMs - atMs) / 1000).toFixed(3);
  const refused = code >= 300 ? ` (${code})` : '';
  const who = user.slice(user.lastIndexOf(':') + 1);
  return `${seconds.padStart(8)} s  ${who} ${verb} ${resource} ${name}${refused}${detailOf(write)}`;
}

function detailOf({ resource, object }: AuditWrite): string {
  if (!object) return '';
  if (resource === 'deployments') return `: replicas ${String(object.spec['replicas'])}`;
  if (resource === 'services') return `: selector ${JSON.stringify(object.spec['selector'])}`;
  return resource === 'endpointslices' ? `: ${listedPods(object).map(podText).join(' ')}` : '';
}

/** The end of a pod's name, and what keeps it from being ready. */
function podText({ pod, isReady, isEnding }: ListedPod): string {
  const state = isEnding ? '(ending)' : isReady ? '' : '(not ready)';
  return `${pod.slice(-11)}${state}`;
}
