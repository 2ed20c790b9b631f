// SPDX-License-Identifier: Apache-2.0
import type { BlueGreenStatus, SlotName } from '../../operator/api/blue-green-status.ts';
import { BlueGreenSpec } from '../../operator/api/blue-green.ts';
import { CanarySpec } from '../../operator/api/canary.ts';
import { type RolloutStatus, UNSEEN } from '../../operator/api/rollout-status.ts';
import { specOfBlueGreen } from '../../operator/engine/blue-green/rollout-of.ts';
import { rolloutStatusOf } from '../../operator/engine/blue-green/slots.ts';
import { specOfCanary } from '../../operator/engine/canary/rollout-of.ts';
import type { RolloutKind, RolloutSpec, RolloutStep } from '../../operator/engine/rollout/rollout.ts';
import { stepsHash } from '../../operator/engine/rollout/steps.ts';
import type { PodsView } from './pod-facts.ts';

/** An object as the API server sends it; only these fields are read. */
export interface RawRollout {
  readonly kind: string;
  readonly metadata: {
    readonly name?: string | undefined;
    readonly namespace?: string | undefined;
    readonly generation?: number | undefined;
    readonly creationTimestamp?: string | undefined;
    readonly deletionTimestamp?: string | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
  };
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** A Canary or a BlueGreen as it is shown: what its status says, in the words of both kinds. */
export interface Model {
  readonly kind: RolloutKind;
  readonly namespace: string;
  readonly name: string;
  /** RFC 3339; '' where it is not known. */
  readonly createdAt: string;
  readonly isDeleting: boolean;
  /** The operator has looked at the newest spec. */
  readonly isSeen: boolean;
  readonly status: RolloutStatus;
  /** Absent where this version cannot read it. */
  readonly spec?: RolloutSpec | undefined;
  /** The steps that `status.step.index` counts; absent where there is none, or the steps have changed since. */
  readonly steps?: readonly RolloutStep[] | undefined;
  /** The colours of a BlueGreen. */
  readonly slots: { readonly stable?: SlotName | undefined; readonly canary?: SlotName | undefined };
  /** Absent: they were not looked at. */
  readonly pods?: PodsView | undefined;
}

/**
 * The model of an object. The status is taken as it is, because the API server has checked it against the CRD, and one
 * of a newer operator must be readable too.
 */
export function modelOf(object: RawRollout, pods?: PodsView): Model {
  const { metadata } = object;
  const kind = object.kind === 'BlueGreen' ? 'BlueGreen' : 'Canary';
  const raw = object.status as (RolloutStatus & BlueGreenStatus) | undefined;
  const status = statusOf(kind, raw);
  const spec = specOf(kind, object.spec);
  return {
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    createdAt: metadata.creationTimestamp ?? '',
    isDeleting: metadata.deletionTimestamp !== undefined,
    isSeen: (status.observedGeneration ?? -1) >= (metadata.generation ?? 0),
    status,
    spec,
    steps: spec && stepsOf(spec, status),
    slots: slotsOf(kind, raw),
    pods,
  };
}

function slotsOf(kind: RolloutKind, raw: Partial<BlueGreenStatus> | undefined): Model['slots'] {
  return kind === 'BlueGreen' ? { stable: raw?.active?.slot, canary: raw?.preview?.slot } : {};
}

function statusOf(kind: RolloutKind, raw: (RolloutStatus & BlueGreenStatus) | undefined): RolloutStatus {
  if (raw === undefined) return UNSEEN;
  return kind === 'BlueGreen' ? rolloutStatusOf(raw) : raw;
}

function specOf(kind: RolloutKind, raw: unknown): RolloutSpec | undefined {
  if (kind === 'BlueGreen') {
    const read = BlueGreenSpec.safeParse(raw);
    return read.success ? specOfBlueGreen(read.data) : undefined;
  }
  const read = CanarySpec.safeParse(raw);
  return read.success ? specOfCanary(read.data) : undefined;
}

function stepsOf(spec: RolloutSpec, { step }: RolloutStatus): readonly RolloutStep[] | undefined {
  return [spec.steps, spec.firstSteps].find((steps) => step !== undefined && stepsHash(steps) === step.hash);
}

/** What the two sides are called. */
export function sidesOf({ kind, slots }: Pick<Model, 'kind' | 'slots'>): {
  readonly stable: string;
  readonly canary: string;
} {
  if (kind === 'Canary') return { stable: 'stable', canary: 'canary' };
  return {
    stable: ['active', slots.stable].filter(Boolean).join(' '),
    canary: ['preview', slots.canary].filter(Boolean).join(' '),
  };
}

/** What the two arms of a check are called. In a bake the new revision has all traffic, and the old one none. */
export function armsOf(model: Pick<Model, 'kind' | 'slots' | 'status'>): {
  readonly judged: string;
  readonly other: string;
} {
  if (model.status.stage === 'Baking') return { judged: 'new', other: 'old' };
  return model.kind === 'Canary'
    ? { judged: 'canary', other: 'stable' }
    : { judged: 'preview', other: 'active' };
}

/** When the run in the background is judged. */
export function besideWord({ kind, status }: Pick<Model, 'kind' | 'status'>): string {
  return kind === 'BlueGreen' || status.stage === 'Baking' ? 'in the bake' : 'beside the steps';
}

/** `canary/checkout`, as kubectl and the verbs take it. */
export function nameOfModel({ kind, name }: Pick<Model, 'kind' | 'name'>): string {
  return `${kind.toLowerCase()}/${name}`;
}
