// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { Annotations } from '../../operator/api/group.ts';
import type { LastAction } from '../../operator/api/release-status.ts';
import type { RolloutVerb } from '../../operator/api/rollout-status.ts';
import { namedRevision } from '../../operator/engine/rollout/named-revision.ts';
import { isConflict, isInDoubt } from '../../operator/kube/errors.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import type { Cluster } from '../cluster/connect.ts';
import { readRollout } from '../cluster/read.ts';
import { CommandError } from '../exit-codes.ts';
import { type Target, targetName } from '../target.ts';
import { typed, typedVerbs } from '../view/deeds.ts';
import { type Model, modelOf } from '../view/model.ts';
import { previousRevision } from './previous-revision.ts';

export const FIELD_MANAGER = 'kubectl-headway';

export interface Wish {
  readonly verb: RolloutVerb;
  /** Of a rollback: the version or the revision to go to; absent: the newest before this one. */
  readonly to?: string | undefined;
}

/** A request as it was written; its answer names the same three. */
export interface Request {
  readonly verb: RolloutVerb;
  readonly revision: string;
  readonly nonce: string;
}

/** The status says that it cannot be asked for now. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export interface Written {
  readonly request: Request;
  /** An earlier request that nobody has answered, and nobody will now. */
  readonly replaced?: string | undefined;
}

const MOST_ATTEMPTS = 8;

/**
 * Writes a request into the annotation of an object whose status allows it: the resourceVersion makes sure that the
 * status which was read is still the one. Throws a RefusedError where it does not allow it.
 */
export async function writeRequest(cluster: Cluster, target: Target, wish: Wish): Promise<Written> {
  const nonce = randomUUID();
  for (let attempt = 1; ; attempt++) {
    const object = await readRollout(cluster, target);
    const model = modelOf(object);
    const held = requestIn(object);
    // the write before this one was carried out, though its answer was lost
    if (held.nonce === nonce) return { request: held };
    const request = { verb: wish.verb, revision: revisionFor(target, model, wish), nonce };
    try {
      await patch(cluster, target, object, textOf(request));
      return { request, replaced: pendingOf(object, model) };
    } catch (error) {
      const mayTryAgain = isConflict(error) || isInDoubt(error);
      if (!mayTryAgain || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/** Refuses what the status does not allow; else the revision that the request has to name. */
function revisionFor(target: Target, model: Model, wish: Wish): string {
  const { allowedActions = [], message = 'nothing' } = model.status;
  if (!allowedActions.includes(wish.verb)) {
    const now =
      allowedActions.length > 0
        ? `possible now: ${typedVerbs(allowedActions)}`
        : 'nothing can be asked for now';
    throw new RefusedError(
      `${typed(wish.verb)} does not fit ${targetName(target)} now; ${now}; it says: ${message}`,
    );
  }
  if (wish.verb === 'rollback') return previousRevision(model.status, wish.to).revision;
  const revision = namedRevision(model.status);
  if (revision === undefined) throw new CommandError(`${targetName(target)} has no revision yet`);
  return revision;
}

async function patch(
  { client, namespace }: Cluster,
  { kind, name }: Target,
  object: KubeObject,
  text: string,
) {
  const { resourceVersion, uid } = object.metadata;
  await client.mergePatch(
    kind.resource,
    { namespace, name },
    {
      fieldManager: FIELD_MANAGER,
      patch: { metadata: { uid, resourceVersion, annotations: { [Annotations.action]: text } } },
    },
  );
}

function textOf({ verb, revision, nonce }: Request): string {
  return `${verb}/${revision}/${nonce}`;
}

function requestIn(object: KubeObject): Request {
  const [verb = '', revision = '', nonce = ''] = (
    object.metadata.annotations?.[Annotations.action] ?? ''
  ).split('/');
  return { verb: verb as RolloutVerb, revision, nonce };
}

/** The request in the annotation, unless it was answered. */
function pendingOf(object: KubeObject, { status }: Model): string | undefined {
  const text = object.metadata.annotations?.[Annotations.action];
  if (text === undefined || isAnswerTo(status.lastAction, requestIn(object))) return undefined;
  return text;
}

/** Whether an answer is the one to this request. */
export function isAnswerTo(answer: LastAction | undefined, { verb, revision, nonce }: Request): boolean {
  return answer?.verb === verb && answer.revision === revision && answer.nonce === nonce;
}
