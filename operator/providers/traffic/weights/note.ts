// SPDX-License-Identifier: Apache-2.0
import { childName } from '../../../engine/names.ts';
import { type JsonPatchOperation, jsonPointerSegment, type ObjectMeta } from '../../../kube/objects.ts';

/** Begins the annotations that say what an object was like before Headway's weights, one for each Service. */
const BEFORE_PREFIX = 'headway.dev/before-';
const MAX_KEY_NAME = 63;

/** The annotation for one Service: one object may lead to Services of several Canaries. */
export function beforeAnnotation(service: string): string {
  const [domain = '', name = ''] = BEFORE_PREFIX.split('/');
  return `${domain}/${childName(name + service, '', MAX_KEY_NAME)}`;
}

/** What is read of the annotations of an object that weights are written into. */
export interface Notes {
  readonly hasAnnotations: boolean;
  /** Texts of the annotations of beforeAnnotation, by key. */
  readonly before: ReadonlyMap<string, string>;
}

export function notesOf({ annotations }: ObjectMeta): Notes {
  const notes = Object.entries(annotations ?? {}).filter(([key]) => key.startsWith(BEFORE_PREFIX));
  return { hasAnnotations: annotations !== undefined, before: new Map(notes) };
}

/** What makes the note of a Service say `text`; undefined takes it away. Empty where it is so already. */
export function noteChanges(
  { hasAnnotations, before }: Notes,
  service: string,
  text: string | undefined,
): JsonPatchOperation[] {
  const key = beforeAnnotation(service);
  if (before.get(key) === text) return [];
  const path = `/metadata/annotations/${jsonPointerSegment(key)}`;
  if (text === undefined) return [{ op: 'remove', path }];
  if (hasAnnotations) return [{ op: 'add', path, value: text }];
  return [{ op: 'add', path: '/metadata/annotations', value: { [key]: text } }];
}
