// SPDX-License-Identifier: Apache-2.0
import type { Pin } from './types.ts';

const WHOLE = ' with the pods that were taken out';

/** A pin as status keeps it and sentences say it. */
export function pinText(pin: Pin): string {
  switch (pin.kind) {
    case 'none':
      return 'none';
    case 'nobody':
      return 'nobody';
    case 'all':
      return `all revisions${pin.whole ? WHOLE : ''}`;
    case 'revision':
      return `revision ${pin.revision}${pin.whole ? WHOLE : ''}`;
    case 'replica-set':
      return `replica set ${pin.podHash}`;
  }
}

/** Whether one is written as the other: what Headway keeps a Service at. */
export function isSamePin(a: Pin, b: Pin): boolean {
  return pinText(a) === pinText(b);
}

/** What a Service is kept at that shall find no pod yet. */
export const NOBODY: Pin = Object.freeze({ kind: 'nobody' });

export function pinOf(revision: string): Pin {
  return { kind: 'revision', revision };
}

/** Whether requests to the Service go to this revision and no other, be it also to pods of it that were taken out. */
export function isServing(pin: Pin | undefined, revision: string | undefined): boolean {
  return pin?.kind === 'revision' && pin.revision === revision;
}
