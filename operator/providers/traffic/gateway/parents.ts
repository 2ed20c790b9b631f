// SPDX-License-Identifier: Apache-2.0
import type { RouteKind } from '../../../api/gateway.ts';
import type { ParentStatus, RouteSnapshot } from './schema.ts';

/** What the Gateways of a route say about it. */
export interface ParentFacts {
  /** What is still to be heard before what the route says is confirmed, to complete "waits for"; undefined: all is heard. */
  readonly pending?: string;
  /** Why no Gateway serves the route at all, in one sentence. */
  readonly refusal?: string;
  /** Why what the route leads to cannot be resolved, in one sentence. */
  readonly unresolved?: string;
  /** Gateways that do not serve it, beside others that do, one sentence each. */
  readonly exceptions: readonly string[];
}

interface Answer {
  readonly kind: 'confirmed' | 'pending' | 'refused' | 'unresolved';
  readonly who: string;
  readonly because: string;
}

/**
 * Whether the Gateways have taken up the route at its generation: `Accepted` and `ResolvedRefs` are True there, or come
 * from a controller that names no generation. One that refuses a route does not serve it at all, so it holds nobody up
 * while another one accepts it.
 */
export function readParents(kind: RouteKind, route: RouteSnapshot): ParentFacts {
  const what = `${kind} ${route.name}`;
  const answers = route.parents.map((parent) => answerOf(parent, route));
  const refusals = answers
    .filter(({ kind: said }) => said === 'refused')
    .map(({ who, because }) => `${who} has not accepted ${what}${because}`);
  if (refusals.length === answers.length) {
    const nobody = `no Gateway has taken up ${what}; look at its parentRefs and the Gateway that they name`;
    return { pending: `a Gateway to accept ${what}`, refusal: refusals[0] ?? nobody, exceptions: [] };
  }
  const unresolved = answers.find(({ kind: said }) => said === 'unresolved');
  const waits = unresolved ?? answers.find(({ kind: said }) => said === 'pending');
  return {
    ...(waits && { pending: `${waits.who} to take up ${what}${waits.because}` }),
    ...(unresolved && {
      unresolved: `${unresolved.who} cannot resolve what ${what} leads to${unresolved.because}`,
    }),
    exceptions: refusals.map((sentence) => `${sentence}; requests through it do not follow the weight`),
  };
}

function answerOf({ parentRef, conditions }: ParentStatus, { generation }: RouteSnapshot): Answer {
  const { kind, namespace, name, sectionName } = parentRef;
  const who = `${kind} ${namespace ? `${namespace}/` : ''}${name}${sectionName ? ` (${sectionName})` : ''}`;
  const find = (type: string) =>
    conditions?.find(
      (found) => found.type === type && (found.observedGeneration ?? generation) >= generation,
    );
  const accepted = find('Accepted');
  if (accepted?.status === 'False') return { kind: 'refused', who, because: becauseOf(accepted) };
  const resolved = find('ResolvedRefs');
  if (resolved?.status === 'False') return { kind: 'unresolved', who, because: becauseOf(resolved) };
  const isConfirmed = accepted?.status === 'True' && resolved?.status === 'True';
  return { kind: isConfirmed ? 'confirmed' : 'pending', who, because: '' };
}

function becauseOf({ reason, message }: { reason: string; message: string }): string {
  const texts = [reason, message].filter((text) => text !== '');
  return texts.length === 0 ? '' : ` (${texts.join(': ')})`;
}
