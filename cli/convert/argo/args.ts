// SPDX-License-Identifier: Apache-2.0
import { isJson, type Manifest } from '../../manifests/manifests.ts';
import { type Ledger, leavesOf } from '../ledger.ts';
import { textOfScalar } from '../scalars.ts';
import type { Path } from '../../manifests/offsets.ts';

/** What an argument of a template stands for in every release that gives it. */
export type ArgRole = 'revision' | 'stableRevision';

/** A name that is good here; the same for the same name. */
export function argName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 63);
  return /^[A-Za-z_]/.test(plain) ? plain : `a${plain}`.slice(0, 63);
}

export interface Given {
  readonly name: string;
  readonly path: Path;
  readonly value?: string;
  readonly role?: ArgRole;
  /** Why it has neither. */
  readonly problem?: string;
}

/** The arguments in a list of Argo Rollouts: their values as far as they can be known without a cluster. */
export function givenArgs(ledger: Ledger, path: Path, owner: Manifest): Given[] {
  return ledger.list(...path).map((_, index): Given => {
    const at = [...path, index];
    const name = argName(ledger.text(...at, 'name') ?? '');
    return { name, path: at, ...valueOf(ledger, at, owner) };
  });
}

const ROLES: Readonly<Record<string, ArgRole>> = { Latest: 'revision', Stable: 'stableRevision' };

function valueOf(ledger: Ledger, at: Path, owner: Manifest): Pick<Given, 'value' | 'role' | 'problem'> {
  const value = textOfScalar(ledger.value(...at, 'value'));
  if (value !== undefined) return { value };
  const hash = ledger.text(...at, 'valueFrom', 'podTemplateHashValue');
  const role = hash === undefined ? undefined : ROLES[hash];
  if (role) return { role };
  const fieldPath = ledger.text(...at, 'valueFrom', 'fieldRef', 'fieldPath');
  if (fieldPath !== undefined) {
    const field = fieldOf(owner, fieldPath);
    return field === undefined ? { problem: `${fieldPath} is not in the manifest` } : { value: field };
  }
  if (ledger.has(...at, 'valueFrom', 'secretKeyRef')) return { problem: 'checks have no access to Secrets' };
  return { problem: 'it has no value' };
}

/** `metadata.labels['a.b/c']` of an object. */
function fieldOf({ value }: Manifest, fieldPath: string): string | undefined {
  const parts = [...fieldPath.matchAll(/\['([^']+)'\]|\["([^"]+)"\]|([^.[\]]+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
  return textOfScalar(
    parts.reduce<unknown>((inside, part) => (isJson(inside) ? inside[part] : undefined), value),
  );
}

/** Places in which a Rollout names templates of analyses: the lists themselves are in `templates` of each. */
export function analysesIn(rollout: Manifest): Path[] {
  const found = leavesOf(rollout.value).flatMap((leaf) => {
    const at = leaf.findIndex((part, index) => part === 'templates' && typeof leaf[index + 1] === 'number');
    const isAnalysis = at > 0 && String(leaf[at - 1]).endsWith('nalysis');
    return isAnalysis ? [leaf.slice(0, at)] : [];
  });
  return [...new Map(found.map((path) => [JSON.stringify(path), path])).values()];
}
