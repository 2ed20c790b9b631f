// SPDX-License-Identifier: Apache-2.0
import { API_VERSION, GROUP, VERSION } from '../../operator/api/group.ts';
import type { Known } from '../manifests/known.ts';
import { countKinds, type Manifest, type Manifests, type TextProblem } from '../manifests/manifests.ts';
import { advise } from './advice.ts';
import { lintChecks } from './checks.ts';
import { KNOWN_KINDS } from './kinds.ts';
import { lintMetadata } from './metadata.ts';
import { hintOf } from './near.ts';
import { lintNeighbours } from './neighbours.ts';
import { type Problem, problemAt } from './problem.ts';
import { lintReferences } from './references.ts';
import { lintSpec } from './spec.ts';

export interface Linted {
  /** In the order of the input. */
  readonly problems: readonly Problem[];
  /** Objects of Headway. */
  readonly checked: number;
  /** Those whose spec is good, with their defaults. */
  readonly known: readonly Known[];
  /** How many objects there are of each other kind. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** Everything that can be told of manifests without a cluster. */
export function lint({ manifests, problems }: Manifests): Linted {
  const ours = manifests.filter(isOurs);
  const skipped = countKinds(manifests.filter((manifest) => !isOurs(manifest)));
  const known: Known[] = [];
  const found: Problem[] = problems.map(ofText);
  for (const manifest of ours) {
    const one = lintOne(manifest);
    found.push(...one.problems);
    if (one.known) known.push(one.known);
  }
  found.push(
    ...lintChecks(known),
    ...lintReferences(manifests, known),
    ...lintNeighbours(manifests, known),
    ...advise(known),
  );
  return { problems: inOrder(found), checked: ours.length, known, skipped };
}

function isOurs({ apiVersion }: Manifest): boolean {
  return apiVersion === GROUP || apiVersion.startsWith(`${GROUP}/`);
}

function ofText({ at, message }: TextProblem): Problem {
  return { severity: 'error', at, message };
}

function lintOne(manifest: Manifest): { known?: Known; problems: readonly Problem[] } {
  const { apiVersion, kind } = manifest;
  if (apiVersion !== API_VERSION) {
    const message = `"${apiVersion}": of ${GROUP} there is the version ${VERSION}; write ${API_VERSION}`;
    return { problems: [problemAt(manifest, ['apiVersion'], { message })] };
  }
  const found = KNOWN_KINDS.get(kind);
  if (!found) {
    const message = `"${kind}": there is no such kind; ${hintOf(kind, [...KNOWN_KINDS.keys()])}`;
    return { problems: [problemAt(manifest, ['kind'], { message })] };
  }
  const { spec, problems } = lintSpec(manifest, found);
  const all = [...lintMetadata(manifest, found), ...problems];
  return spec === undefined ? { problems: all } : { known: { manifest, kind, spec } as Known, problems: all };
}

/** By file and place, and each once. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...unique.values()].toSorted(
    ({ at: one }, { at: other }) =>
      one.file.localeCompare(other.file) || one.line - other.line || one.column - other.column,
  );
}
