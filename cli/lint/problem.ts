// SPDX-License-Identifier: Apache-2.0
import type { Manifest, Position } from '../manifests/manifests.ts';
import type { Path } from '../manifests/offsets.ts';

/**
 * `error`: it will be refused, or will not do what it says. `warning`: it works, and the specification advises against
 * it. `note`: it cannot be told from these files.
 */
export type Severity = 'error' | 'warning' | 'note';

export interface Problem {
  readonly severity: Severity;
  readonly at: Position;
  /** The object, as `Canary/checkout`; absent where the text is no object. */
  readonly object?: string;
  /** The field as the API server names it; absent where the text is no object. */
  readonly field?: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

/** A problem of one field of an object. */
export function problemAt(
  manifest: Manifest,
  path: Path,
  { severity = 'error', message }: { severity?: Severity; message: string },
): Problem {
  return {
    severity,
    at: manifest.at(path),
    object: `${manifest.kind}/${manifest.name}`,
    field: fieldText(path),
    message,
  };
}

/** `spec.steps[0].setWeight`; keys that are no names stand in quotes. */
export function fieldText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = String(part);
    if (!/^[\w-]+$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}
