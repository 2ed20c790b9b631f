// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../../api/group.ts';
import type { JsonPatchOperation } from '../../../kube/objects.ts';
import type {
  RouteFacts,
  RouteOverwrite,
  RouteResource,
  RouteSplit,
  RouteTarget,
  RouteWrite,
} from '../types.ts';
import { type Memory, memoryText, readMemory } from './memory.ts';
import { beforeAnnotation, noteChanges, type Notes } from './note.ts';

/**
 * An object of the user whose weights are changed while a release is on its way, and given back. Its lists of backends
 * are one value for the API server, so they are written by JSON Patch on exactly the version that was read; what they
 * were like goes into an annotation of the object in the same patch, so that no crash and no lost status can part them.
 */
export interface PatchedObject<Lists> extends Notes {
  readonly resource: RouteResource;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  /** As a person writes where the lists are: `spec.rules of HTTPRoute web`. */
  readonly field: string;
  /** Field manager that wrote the lists last; undefined where the API server does not tell. */
  readonly writer: string | undefined;
  readonly lists: Lists;
}

/** What the lists of one kind of object say, and what they say with another share; pure. */
export interface ListEditor<Lists> {
  read(lists: Lists, target: RouteTarget): ListsFacts;
  /** The lists as the user wrote them. */
  base(lists: Lists, target: RouteTarget, memory: Memory | undefined): Lists;
  /** The lists with a share for the canary; undefined where nothing in them leads to the Service. */
  split(base: Lists, target: RouteTarget, split: RouteSplit): Lists | undefined;
  /** What has to be remembered to come back to these lists. */
  remember(base: Lists, target: RouteTarget): Memory['rules'];
  changes(live: Lists, wanted: Lists): JsonPatchOperation[];
  /** At weight 0 the canary is in no list: its place is the note alone. */
  readonly isNotedAtZero: boolean;
}

/** What lists say now of the two Services. */
export interface ListsFacts {
  /** The canary is named. */
  readonly exists: boolean;
  /** The greatest share of the canary in any list. */
  readonly weight: number;
  readonly matched: boolean;
  /** The share in each list that leads to the Service or, beside it, to the canary. */
  readonly shares: readonly number[];
}

/** An object with what was noted of it and what it says. */
export interface LiveObject<Lists> {
  readonly object: PatchedObject<Lists>;
  readonly note: string | undefined;
  readonly memory: Memory | undefined;
  readonly facts: ListsFacts;
}

export function readLive<Lists>(
  editor: ListEditor<Lists>,
  target: RouteTarget,
  object: PatchedObject<Lists>,
): LiveObject<Lists> {
  const note = object.before.get(beforeAnnotation(target.service));
  const facts = editor.read(object.lists, target);
  const exists = facts.exists || (editor.isNotedAtZero && note !== undefined);
  return { object, note, memory: readMemory(note), facts: { ...facts, exists } };
}

/**
 * What several objects of one Canary say together. They are moved one after the other: until all of them are, the
 * greatest weight that any list of any of them has, and outdated.
 */
export function observePatched<Lists>(
  editor: ListEditor<Lists>,
  target: RouteTarget,
  live: readonly LiveObject<Lists>[],
): Omit<RouteFacts, 'problems' | 'pending' | 'exceptions'> {
  const exists = live.some(({ facts }) => facts.exists);
  const now = {
    weight: Math.max(0, ...live.map(({ facts }) => facts.weight)),
    matched: live.some(({ facts }) => facts.matched),
  };
  const plans = exists ? planPatchedWeight(editor, target, live, now) : planPatchedRest(editor, target, live);
  const overwritten = live.map(findOverwrite).find((found) => found !== undefined);
  return { ...now, exists, outdated: plans.length > 0, ...(overwritten && { overwritten }) };
}

/** Someone else has written the lists since, and they no longer say what Headway wrote. */
function findOverwrite<Lists>({ object, memory, facts }: LiveObject<Lists>): RouteOverwrite | undefined {
  const { writer, field } = object;
  if (!memory || writer === FIELD_MANAGER) return undefined;
  const kept = facts.shares.filter((share) => share === memory.weight);
  const isIntact = facts.exists && kept.length >= memory.rules.length && facts.matched === memory.matched;
  if (isIntact) return undefined;
  return writer === undefined ? { field } : { field, manager: writer };
}

/** The patches after which every list that leads to the Service has the share. */
export function planPatchedWeight<Lists>(
  editor: ListEditor<Lists>,
  target: RouteTarget,
  live: readonly LiveObject<Lists>[],
  split: RouteSplit,
): RouteWrite[] {
  const { weight, matched = false } = split;
  return live.flatMap(({ object, memory }) => {
    const base = editor.base(object.lists, target, memory);
    const lists = editor.split(base, target, split);
    if (!lists) return [];
    const note = memoryText({ weight, matched, rules: editor.remember(base, target) });
    const wanted = weight === 0 && !matched && editor.isNotedAtZero ? base : lists;
    return patchOf(editor, target, object, { lists: wanted, note });
  });
}

/** The patches after which every object is as the user wrote it. */
export function planPatchedRest<Lists>(
  editor: ListEditor<Lists>,
  target: RouteTarget,
  live: readonly LiveObject<Lists>[],
): RouteWrite[] {
  return live.flatMap(({ object, memory, facts, note }) => {
    if (!facts.exists && note === undefined) return [];
    const lists = editor.base(object.lists, target, memory);
    return patchOf(editor, target, object, { lists, note: undefined });
  });
}

function patchOf<Lists>(
  editor: ListEditor<Lists>,
  { service }: RouteTarget,
  object: PatchedObject<Lists>,
  wanted: { lists: Lists; note: string | undefined },
): RouteWrite[] {
  const operations = [
    ...editor.changes(object.lists, wanted.lists),
    ...noteChanges(object, service, wanted.note),
  ];
  if (operations.length === 0) return [];
  const { resource, namespace, name, resourceVersion } = object;
  const test: JsonPatchOperation = { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion };
  return [{ kind: 'patch', resource, namespace, name, operations: [test, ...operations] }];
}
