// SPDX-License-Identifier: Apache-2.0
// Test support: releases as they are read from manifests.
import { lint } from '../lint/lint.ts';
import { isRelease, type Known, type KnownRelease } from '../manifests/known.ts';
import { readManifests } from '../manifests/manifests.ts';
import { type Simulation, simulate } from './simulation.ts';
import type { Sample } from './samples.ts';

export const BEGIN = Date.UTC(2026, 10, 21, 14);

interface ReleaseManifest {
  readonly kind?: 'Canary' | 'BlueGreen';
  readonly spec: Readonly<Record<string, unknown>>;
  /** Specs of AnalysisTemplates by name. */
  readonly templates?: Readonly<Record<string, object>>;
}

/** A release and what was read beside it. Throws what lint says of them. */
export function read({ kind = 'Canary', spec, templates = {} }: ReleaseManifest): {
  release: KnownRelease;
  known: readonly Known[];
} {
  const governed = { targetRef: { kind: 'Deployment', name: 'web' }, service: { name: 'web' } };
  const objects = [
    manifestOf(kind, 'web', { ...governed, ...spec }),
    ...Object.entries(templates).map(([name, template]) => manifestOf('AnalysisTemplate', name, template)),
  ];
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const { known, problems } = lint(readManifests({ name: 'test', text }));
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  const release = known.find(isRelease);
  if (!release) throw new Error('there is no release');
  return { release, known };
}

function manifestOf(kind: string, name: string, spec: object): object {
  return { apiVersion: 'headway.dev/v1alpha1', kind, metadata: { name, namespace: 'shop' }, spec };
}

export interface PlayOptions {
  readonly samples?: readonly Sample[];
  readonly replicas?: number;
  readonly podStartMs?: number;
  readonly minReadyMs?: number;
}

export function playOf(manifest: ReleaseManifest, options: PlayOptions = {}): Simulation {
  const { samples, replicas = 10, podStartMs = 0, minReadyMs = 0 } = options;
  return simulate({
    ...read(manifest),
    replicas,
    beginMs: BEGIN,
    times: { startMs: podStartMs, minReadyMs },
    samples,
  });
}

/** Each part in a line: `step 1 0..10 5% 1/10 errors`, times in seconds. */
export function linesOf({ parts }: Simulation): string[] {
  return parts.map(({ name, fromMs, toMs, weight, pods, checks, isOfPerson }) => {
    const judged = [...(isOfPerson ? ['a person'] : []), ...checks].map((check) => ` ${check}`).join('');
    const to = toMs === undefined ? '' : toMs / 1000;
    return `${name} ${fromMs / 1000}..${to} ${weight}% ${pods.canary}/${pods.stable}${judged}`;
  });
}
