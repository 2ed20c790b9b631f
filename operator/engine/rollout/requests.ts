// SPDX-License-Identifier: Apache-2.0
import { RolloutVerb } from '../../api/rollout-status.ts';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { Annotations } from '../../api/group.ts';
import { EventReasons } from '../../api/reasons.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { allowedVerbs } from './allowed.ts';
import { namedRevision } from './named-revision.ts';
import { rollbackTargets } from './previous.ts';
import { nameOf } from './sentences.ts';

/** A person's request: `<verb>/<revision>/<nonce>`. */
interface Request {
  readonly verb: string;
  readonly revision: string;
  readonly nonce: string;
}

/**
 * Reads the request in the annotation, answers it once in status.lastAction, and returns the verb that was accepted.
 * The revision makes a click on an old page harmless; a refusal says what would be accepted.
 */
export function takeRequest(context: PlanContext, draft: PlanDraft): RolloutVerb | undefined {
  const text = context.rollout.metadata.annotations[Annotations.action];
  if (text === undefined) return undefined;
  const request = parseRequest(text);
  if (isAnswered(draft.status, request)) return undefined;
  const allowed = allowedVerbs(context, draft);
  const refusal = refuse(request, allowed) ?? misnamed(context, draft.status, request);
  const verb = refusal === undefined ? RolloutVerb.parse(request.verb) : undefined;
  draft.status.lastAction = {
    ...request,
    at: nowIso(context),
    result: verb ? 'Accepted' : 'Rejected',
    ...(refusal ? { message: refusal } : {}),
  };
  if (refusal) draft.emit(EventReasons.ActionRejected, refusal, 'Warning');
  return verb;
}

function isAnswered({ lastAction }: RolloutStatus, { verb, revision, nonce }: Request): boolean {
  return lastAction?.verb === verb && lastAction.revision === revision && lastAction.nonce === nonce;
}

/** A text that has not three parts is its own nonce, so that it too is answered only once. */
function parseRequest(text: string): Request {
  const parts = text.slice(0, 256).split('/');
  const [verb = '', revision = '', nonce = ''] = parts;
  return parts.length === 3 && parts.every((part) => part !== '')
    ? { verb, revision, nonce }
    : { verb: '', revision: '', nonce: text.slice(0, 256) };
}

function refuse(request: Request, allowed: readonly RolloutVerb[]): string | undefined {
  if (request.verb === '') return `"${request.nonce}" is not of the form <verb>/<revision>/<nonce>`;
  if (!RolloutVerb.safeParse(request.verb).success) {
    return `"${request.verb}" is not a verb; known are ${RolloutVerb.options.join(', ')}`;
  }
  const now = allowed.length > 0 ? `possible now: ${allowed.join(', ')}` : 'nothing can be asked for now';
  return allowed.some((verb) => verb === request.verb)
    ? undefined
    : `${request.verb} does not fit now; ${now}`;
}

/** Other verbs name the revision that they act on; rollback names the one to go to, which no later release can change. */
function misnamed(
  context: PlanContext,
  status: RolloutStatus,
  { verb, revision }: Request,
): string | undefined {
  if (verb === 'rollback') {
    const targets = rollbackTargets(context, status);
    if (targets.some((target) => target.revision === revision)) return undefined;
    const names = targets.map((target) => `${target.revision} (${nameOf(target)})`).join(', ');
    return `rollback names revision ${revision}; it can go to ${names}`;
  }
  const current = namedRevision(status);
  return revision === current
    ? undefined
    : `${verb} names revision ${revision}, but the release is of revision ${current}`;
}
