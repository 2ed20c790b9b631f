// SPDX-License-Identifier: Apache-2.0
import { jsonPointerSegment } from '../../../kube/objects.ts';
import { requirePercent } from '../percent.ts';
import type { RouteFacts, RouteSplit, RouteWrite, TrafficRouter } from '../types.ts';
import { notesOf } from '../weights/note.ts';
import {
  type ListEditor,
  type ListsFacts,
  type LiveObject,
  observePatched,
  planPatchedRest,
  planPatchedWeight,
  readLive,
} from '../weights/patched.ts';
import { hasCanary, leadsToService, shareOf } from '../weights/split.ts';
import { readAction } from './action.ts';
import { findExceptions, findProblems } from './problems.ts';
import { actionKey, type AlbTarget } from './schema.ts';
import { baseText, isSameAction, rememberAction, splitAction, textOf } from './split.ts';

/**
 * Splits traffic by an action of the AWS Load Balancer Controller: the annotation `alb.ingress.kubernetes.io/actions.<name>`
 * of the user's Ingress forwards to target groups by weight
 * (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#actions). The canary
 * Service gets a target group beside that of the Service; at rest the annotation is as the user wrote it, to the byte.
 *
 * Nothing tells when the load balancer follows: the controller keeps no generation, and asking AWS needs rights there.
 * It makes a target group, and gives it its share, before it knows a single pod of it, so that a canary gets its place
 * first, at weight 0.
 */
export const albRouter: TrafficRouter<AlbTarget> = Object.freeze({ observe, planWeight, planRest });

/** The annotation of the action; undefined where there is none. */
interface ActionText {
  readonly key: string;
  readonly text: string | undefined;
}

const NOTHING: ListsFacts = Object.freeze({ exists: false, weight: 0, matched: false, shares: [] });

const editor: ListEditor<ActionText> = {
  isNotedAtZero: false,
  read: (lists, target) => {
    const action = forwardOf(lists);
    if (!action) return NOTHING;
    const weight = shareOf(action.groups, target);
    const exists = hasCanary(action.groups, target);
    const isIts = exists || leadsToService(action.groups, target);
    return { exists, weight, matched: false, shares: isIts ? [weight] : [] };
  },
  base: (lists, target, memory) => {
    const action = forwardOf(lists);
    if (!action || lists.text === undefined) return lists;
    return { ...lists, text: baseText({ text: lists.text, action }, target, memory) };
  },
  split: (base, target, { weight }) => {
    const action = forwardOf(base);
    if (!action || !leadsToService(action.groups, target)) return undefined;
    return { ...base, text: textOf(splitAction(action, target, weight)) };
  },
  remember: (base) => {
    const action = forwardOf(base);
    return action && base.text !== undefined ? rememberAction(base.text, action) : [];
  },
  changes: (live, wanted) => {
    if (wanted.text === undefined || isSame(live, wanted)) return [];
    const path = `/metadata/annotations/${jsonPointerSegment(live.key)}`;
    return [{ op: 'replace', path, value: wanted.text }];
  },
};

/** White space and the order of members are theirs who wrote them. */
function isSame(one: ActionText, other: ActionText): boolean {
  if (one.text === other.text) return true;
  const [a, b] = [forwardOf(one), forwardOf(other)];
  return a !== undefined && b !== undefined && isSameAction(a, b);
}

function forwardOf({ text }: ActionText) {
  const read = text === undefined ? undefined : readAction(text);
  return read?.kind === 'forward' ? read.action : undefined;
}

function liveOf(target: AlbTarget): LiveObject<ActionText>[] {
  const { ingress } = target;
  if (!ingress || ingress.deleting) return [];
  const key = actionKey(target);
  const text = Object.hasOwn(ingress.annotations, key) ? ingress.annotations[key] : undefined;
  const { namespace, name, resourceVersion, annotations } = ingress;
  const live = readLive(editor, target, {
    ...notesOf({ annotations }),
    resource: 'ingresses',
    namespace,
    name,
    resourceVersion,
    field: `metadata.annotations[${key}] of Ingress ${name}`,
    writer: ingress.actionWriters.get(key),
    lists: { key, text },
  });
  return [text === undefined ? live : asLastRead(live, text)];
}

/** What the controller cannot read it does not follow: the load balancer has what it was told before. */
function asLastRead(live: LiveObject<ActionText>, text: string): LiveObject<ActionText> {
  if (live.memory === undefined || readAction(text).kind !== 'unreadable') return live;
  return { ...live, facts: { ...NOTHING, exists: true, weight: live.memory.weight } };
}

function observe(target: AlbTarget): RouteFacts {
  return {
    ...observePatched(editor, target, liveOf(target)),
    placeFirst: true,
    problems: findProblems(target),
    exceptions: findExceptions(target),
  };
}

/** Beside the contract of the port: an annotation that cannot be read is left as it is. */
function planWeight(target: AlbTarget, split: RouteSplit): readonly RouteWrite[] {
  requirePercent(split.weight);
  return planPatchedWeight(editor, target, liveOf(target), { weight: split.weight });
}

function planRest(target: AlbTarget): readonly RouteWrite[] {
  return planPatchedRest(editor, target, liveOf(target));
}
