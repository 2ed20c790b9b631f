// SPDX-License-Identifier: Apache-2.0
import type { Pin } from './types.ts';

/** A pin as status keeps it and sentences say it. */
export function pinText(pin: Pin): string {
  switch (pin.kind) {
    case 'none':
      return 'none';
    case 'all':
      return 'all revisions';
    case 'revision':
      return `revision ${pin.revision}`;
    case 'replica-set':
      return `replica set ${pin.podHash}`;
  }
}

export function isSamePin(a: Pin, b: Pin): boolean {
  return pinText(a) === pinText(b);
}

export function pinOf(revision: string): Pin {
  return { kind: 'revision', revision };
}

/** Whether the Service names exactly this revision. */
export function isServing(pin: Pin | undefined, revision: string | undefined): boolean {
  return pin?.kind === 'revision' && pin.revision === revision;
}
