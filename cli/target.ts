// SPDX-License-Identifier: Apache-2.0
import { UsageError } from './command.ts';
import { KINDS, kindOf, type RolloutKind } from './kinds.ts';

/** The object that a command is about. */
export interface Target {
  readonly kind: RolloutKind;
  readonly name: string;
}

const KIND_WORDS = KINDS.map(({ word }) => word).join(' or ');

/** `canary/checkout`, or `canary checkout`. Throws a UsageError that shows how it would be right. */
export function targetOf(words: readonly string[]): Target {
  const [first, second, ...rest] = words.flatMap((word) => word.split('/'));
  if (first === undefined || first === '') {
    throw new UsageError(`say which object: KIND/NAME, such as canary/checkout; KIND is ${KIND_WORDS}`);
  }
  if (rest.length > 0) throw new UsageError(`one object at a time, not "${words.join(' ')}"`);
  const kind = kindOf(first);
  if (second === undefined || second === '') throw new UsageError(halfTarget(first, kind));
  if (!kind) throw unknownKind(first);
  return { kind, name: second };
}

function halfTarget(word: string, kind: RolloutKind | undefined): string {
  if (kind) return `say which ${kind.word}: ${kind.word}/NAME`;
  return `say of which kind ${word} is: ${KINDS.map((one) => `${one.word}/${word}`).join(' or ')}`;
}

/** What was typed is no kind. */
export function unknownKind(word: string): UsageError {
  const known = KINDS.map((kind) => `${kind.word} (${kind.resource.plural}, ${kind.shortName})`).join(', ');
  return new UsageError(`"${word}" is no kind that Headway releases; there are ${known}`);
}

/** `canary/checkout`. */
export function targetName({ kind, name }: Target): string {
  return `${kind.word}/${name}`;
}
