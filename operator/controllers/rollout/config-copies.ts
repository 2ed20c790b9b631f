// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Annotations, Labels } from '../../api/group.ts';
import {
  ABSENT,
  type ConfigKind,
  configCopyName,
  configKey,
  type RevisionConfig,
  type TrackedConfig,
} from '../../engine/rollout/config.ts';
import { readJson } from '../../engine/json.ts';
import type { ObjectMeta } from '../../kube/objects.ts';
import type { ConfigSnapshot, SeenConfig } from './config-reader.ts';
import type { DeploymentProjection } from './projections.ts';

/** A ConfigMap or Secret of a revision, as the revision's Deployment tells it. */
export interface ConfigCopy {
  readonly kind: ConfigKind;
  readonly name: string;
  readonly copy: string;
  /** The revision was made without it, so there is no copy. */
  readonly isAbsent: boolean;
}

const COPIED = 'copied';
// what somebody else wrote there: a revision without copies is the careful reading
const Written = z.record(z.string(), z.enum([COPIED, ABSENT])).catch({});

/** What a revision has copies of, as the text of its annotation. */
export function copiesText(config: readonly TrackedConfig[]): string {
  return JSON.stringify(
    Object.fromEntries(config.map((each) => [configKey(each), each.content === ABSENT ? ABSENT : COPIED])),
  );
}

/** The copies of a revision, from the annotation of its Deployment; none where there is none that can be read. */
export function copiesOf({ annotations, labels }: ObjectMeta): ConfigCopy[] {
  const revision = labels?.[Labels.revision];
  const text = annotations?.[Annotations.config];
  if (revision === undefined || text === undefined) return [];
  return Object.entries(Written.parse(readJson(text))).flatMap(([key, state]) => {
    const [kind, name] = key.split('/');
    if ((kind !== 'ConfigMap' && kind !== 'Secret') || !name) return [];
    return [{ kind, name, copy: configCopyName(name, revision), isAbsent: state === ABSENT }];
  });
}

/** What the target's template names, with what is known of each. */
export function trackedConfig(
  { config }: Pick<DeploymentProjection, 'config'>,
  snapshot: ConfigSnapshot,
  isTracked: (kind: ConfigKind) => boolean,
): TrackedConfig[] {
  return config
    .filter(({ kind }) => isTracked(kind))
    .map((ref) => {
      const { content, id, problem } = snapshot.get(configKey(ref)) ?? {};
      return {
        ...ref,
        ...(content === undefined ? {} : { content }),
        ...(id === undefined ? {} : { id }),
        ...(problem === undefined ? {} : { problem }),
      };
    });
}

/** The copies of a revision, with what is known of each. */
export function revisionConfig(
  { copies, uid }: Pick<DeploymentProjection, 'copies' | 'uid'>,
  snapshot: ConfigSnapshot,
  canary: string,
): RevisionConfig[] {
  return copies.map(({ kind, name, copy, isAbsent }): RevisionConfig => {
    if (isAbsent) return { kind, name, copy, content: ABSENT, state: 'there' };
    const seen = snapshot.get(configKey({ kind, name: copy }));
    // what is not known is not made again: its name may be in use
    if (!seen || seen.content === undefined) return { kind, name, copy, state: 'there', ...problemOf(seen) };
    if (seen.content === ABSENT) return { kind, name, copy, state: 'missing' };
    const state = stateOf(seen, { uid, canary });
    return state === 'there'
      ? { kind, name, copy, content: seen.content, state }
      : { kind, name, copy, state };
  });
}

function problemOf({ problem }: Partial<SeenConfig> = {}): Pick<RevisionConfig, 'problem'> {
  return problem === undefined ? {} : { problem };
}

function stateOf(seen: SeenConfig, owner: { uid: string; canary: string }): RevisionConfig['state'] {
  if (seen.ownerUids.includes(owner.uid)) return 'there';
  return seen.canary === owner.canary ? 'leaving' : 'taken';
}
