// SPDX-License-Identifier: Apache-2.0
// What the scripts of deploy/argocd are to make of an object, said without them.
import { z } from 'zod';
import { RolloutVerb } from '../../operator/api/rollout-status.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { contractRows, shownBy } from './contract.ts';

/** An object and what is to be made of it; one line of what the Go tests read. */
export interface Case {
  /** Says where the object is from. */
  readonly name: string;
  readonly health: string;
  readonly message: string;
  readonly kstatus: string;
  /** Verbs that are enabled, with the annotation that each of them writes. */
  readonly requests: Readonly<Partial<Record<RolloutVerb, string>>>;
  readonly object: KubeObject;
}

const Named = z.looseObject({ revision: z.string(), version: z.string().optional() });
const Status = z.looseObject({
  stage: z.string().optional(),
  stable: Named.optional(),
  active: Named.optional(),
  canary: Named.optional(),
  preview: Named.optional(),
  previous: z.array(Named).optional(),
  allowedActions: z.array(RolloutVerb).default([]),
  conditions: z
    .array(
      z.looseObject({
        type: z.string(),
        status: z.string(),
        message: z.string(),
        observedGeneration: z.int().optional(),
      }),
    )
    .default([]),
});

function statusOf(object: KubeObject): z.infer<typeof Status> {
  return Status.prefault({}).parse(object['status']);
}

const rows = contractRows();

/** Throws where the rows of the contract do not agree about the object. */
export function caseOf(name: string, object: KubeObject): Case {
  const shown = shownBy(object);
  const said = rows
    .filter((row) => row.fits(shown))
    .map((row) => ({ health: row.healthOf(shown), kstatus: row.kstatus }));
  const [first, ...others] = said;
  if (!first || others.some(({ health, kstatus }) => health !== first.health || kstatus !== first.kstatus))
    throw new Error(`${name}: the contract says ${JSON.stringify(said)} of ${JSON.stringify(shown)}`);
  const { allowedActions } = statusOf(object);
  const requests = Object.fromEntries(allowedActions.map((verb) => [verb, requestFor(object, verb)]));
  return { name, ...first, message: messageOf(object), requests, object };
}

/** The conditions that decide before Ready does, in their order. */
const DECIDING = ['Stalled', 'RolledBack', 'Suspended', 'Paused'];

function messageOf(object: KubeObject): string {
  const { isDeleting, isSeen } = shownBy(object);
  const { conditions } = statusOf(object);
  const ready = conditions.find(({ type }) => type === 'Ready');
  const { generation } = object.metadata;
  if (isDeleting) return ready?.message ?? '';
  if (!isSeen)
    return ready?.observedGeneration === generation
      ? (ready?.message ?? '')
      : `no operator has looked at generation ${generation} yet`;
  const deciding = DECIDING.map((wanted) =>
    conditions.find(({ type, status }) => type === wanted && status === 'True'),
  ).find((condition) => condition !== undefined);
  const sentences = [deciding?.message, ready?.message].filter((sentence) => sentence !== undefined);
  return [...new Set(sentences)].join('; ');
}

/** The request for a verb that a click in Argo CD makes of an object. */
export function requestFor(object: KubeObject, verb: RolloutVerb): string {
  const { stage, stable, active, canary, preview, previous } = statusOf(object);
  const serving = stable ?? active;
  const current = stage === 'Baking' ? serving : (canary ?? preview ?? serving);
  const { revision } = (verb === 'rollback' ? previous?.[0] : current) ?? {};
  return `${verb}/${revision}/argocd-${object.metadata.resourceVersion}`;
}

/** What the action of a verb is called. */
export function titleOf(verb: RolloutVerb, object: KubeObject): string {
  const [previous] = statusOf(object).previous ?? [];
  if (verb !== 'rollback' || !previous) return TITLES[verb];
  return `Roll back to ${previous.version ?? previous.revision}`;
}

const TITLES: Readonly<Record<RolloutVerb, string>> = {
  promote: 'Promote',
  'promote-full': 'Promote without steps and checks',
  'skip-step': 'Skip this step',
  pause: 'Pause',
  resume: 'Resume',
  abort: 'Abort',
  retry: 'Retry',
  rollback: 'Roll back',
  admit: 'Admit',
};
