// SPDX-License-Identifier: Apache-2.0
import type { Line } from '../text/line.ts';
import { type Frame, labelled, wrapParts } from './frame.ts';
import { type Model, sidesOf } from './model.ts';
import type { PodCount } from './pod-facts.ts';

/** `Pods    stable 8/8 ready   canary 1/3 ready, 2 CrashLoopBackOff   restarts 4`. */
export function podLines(model: Model, frame: Frame): Line[] {
  const { pods } = model;
  if (!pods) return [];
  if ('unknown' in pods) return [labelled('Pods', [{ text: pods.unknown, style: 'faint' }])];
  const roles = rolesOf(model);
  const named = roles.map(({ name, revision }) =>
    partOf(
      name,
      pods.counts.find((one) => one.revision === revision),
    ),
  );
  const others = pods.counts.filter(
    ({ revision, all, ending }) => all + ending > 0 && !roles.some((role) => role.revision === revision),
  );
  const restarts = pods.counts.reduce((sum, count) => sum + count.restarts, 0);
  const parts: Line[] = [
    ...named,
    ...(restarts > 0 ? [[{ text: `restarts ${restarts}`, style: 'warn' as const }]] : []),
    ...(others.length > 0 ? [[{ text: `earlier revisions ${sumOf(others)}`, style: 'faint' as const }]] : []),
  ];
  return wrapParts(frame, 'Pods', parts);
}

interface Role {
  readonly name: string;
  readonly revision: string;
}

function rolesOf(model: Model): Role[] {
  const { stable, canary, bake } = model.status;
  const sides = sidesOf(model);
  return [
    ...(stable ? [{ name: sides.stable, revision: stable.revision }] : []),
    ...(canary && canary.revision !== stable?.revision
      ? [{ name: sides.canary, revision: canary.revision }]
      : []),
    ...(bake ? [{ name: 'kept warm', revision: bake.revision }] : []),
  ];
}

function partOf(name: string, count: PodCount | undefined): Line {
  if (!count || count.all + count.ending === 0) return [{ text: `${name} no pods`, style: 'faint' }];
  const { all, ready, ending, troubles } = count;
  const words = [
    `${name} ${ready}/${all} ready`,
    ...troubles.map(({ reason, pods }) => `${pods} ${reason}`),
    ...(ending > 0 ? [`${ending} ending`] : []),
  ];
  return [{ text: words.join(', '), style: troubles.length > 0 ? 'bad' : 'plain' }];
}

function sumOf(counts: readonly PodCount[]): number {
  return counts.reduce((sum, { all, ending }) => sum + all + ending, 0);
}
