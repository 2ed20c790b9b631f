// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, childName, shortHash } from '../names.ts';

export type ConfigKind = 'ConfigMap' | 'Secret';

/** A ConfigMap or Secret that a pod template names. */
export interface ConfigRef {
  readonly kind: ConfigKind;
  readonly name: string;
  /** Every place that names it does without it. */
  readonly optional: boolean;
}

/** The content of what is surely not there. */
export const ABSENT = 'absent';

/** What a plan knows of a ConfigMap or Secret that the target's template names. */
export interface TrackedConfig extends ConfigRef {
  /** Fingerprint of the content as stored, ABSENT, or undefined where it is not known. */
  readonly content?: string;
  /** Goes into the name of a revision: the same for the same content, and for a Secret without telling anything of it. */
  readonly id?: string;
  /** Why it is not known, in one sentence. */
  readonly problem?: string;
}

/** The copy of a ConfigMap or Secret that belongs to one revision. */
export interface RevisionConfig {
  readonly kind: ConfigKind;
  readonly name: string;
  readonly copy: string;
  /** As in TrackedConfig; ABSENT where the revision was made without it. */
  readonly content?: string;
  /** `taken`: the name belongs to an object that is not ours; `leaving`: to a copy that is about to be collected. */
  readonly state: 'there' | 'missing' | 'taken' | 'leaving';
  /** Why it is not known, in one sentence. */
  readonly problem?: string;
}

/** Secrets are not watched, so that no right to list them is needed; this often a plan wants to know of them. */
export const SECRET_LOOK_MS = 30_000;

/** No event tells that a right has been given, or a Secret made; what a release waits for is asked for this often. */
const WAITING_LOOK_MS = 5000;

/** When a plan wants to know again of config that no watch tells of; undefined where one tells of all. */
export function nextLookMs(config: readonly TrackedConfig[] = []): number | undefined {
  const secrets = config.filter(({ kind }) => kind === 'Secret');
  const isWaiting =
    config.some(({ problem }) => problem !== undefined) || missingConfig(secrets) !== undefined;
  if (isWaiting) return WAITING_LOOK_MS;
  return secrets.length > 0 ? SECRET_LOOK_MS : undefined;
}

/** Longest name of a ConfigMap or Secret. */
const MAX_NAME = 253;

/** Name of the copy that a revision gets: the same every time, so that making it twice is making it once. */
export function configCopyName(name: string, revision: string): string {
  return childName(name, `-${revision}`, MAX_NAME);
}

/** Key of a ConfigMap or Secret within one namespace. */
export function configKey({ kind, name }: Pick<ConfigRef, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}

/** The hash that names a revision of this template with this config. Without config it is the template's own. */
export function revisionHash(templateHash: string, config: readonly TrackedConfig[] = []): string {
  if (config.length === 0) return templateHash;
  const ids = config.map((each) => [configKey(each), each.id ?? '']);
  return shortHash(`${templateHash} ${canonicalJson(Object.fromEntries(ids))}`);
}

/** What a new revision of this config would lack, so that its pods could not start. */
export function missingConfig(config: readonly TrackedConfig[] = []): TrackedConfig | undefined {
  return config.find(({ content, optional }) => content === undefined || (content === ABSENT && !optional));
}

/** Whether a revision surely runs with this config. */
export function isSameConfig(
  wanted: readonly TrackedConfig[] = [],
  copies: readonly RevisionConfig[] = [],
): boolean {
  return (
    wanted.length === copies.length &&
    wanted.every((each) => {
      const copy = copyOf(copies, each);
      return each.content !== undefined && each.content === copy?.content;
    })
  );
}

/** Whether a revision surely runs with another config. */
export function hasOtherConfig(
  wanted: readonly TrackedConfig[] = [],
  copies: readonly RevisionConfig[] = [],
): boolean {
  return otherConfig(wanted, copies).length > 0;
}

/**
 * What of the config a revision surely has another content of. What is not known on one of the sides is no evidence: a
 * source that is away, a copy that somebody has deleted, a revision from before its config was copied.
 */
export function otherConfig(
  wanted: readonly TrackedConfig[] = [],
  copies: readonly RevisionConfig[] = [],
): TrackedConfig[] {
  return wanted.filter((each) => {
    const { content } = copyOf(copies, each) ?? {};
    const isKnown = isContent(each) && content !== undefined;
    return isKnown && content !== each.content;
  });
}

/** A source that pods cannot do without and that is away says nothing about what they should run with. */
function isContent({ content, optional }: TrackedConfig): boolean {
  return content !== undefined && (content !== ABSENT || optional);
}

function copyOf(copies: readonly RevisionConfig[], { kind, name }: ConfigRef): RevisionConfig | undefined {
  return copies.find((copy) => copy.kind === kind && copy.name === name);
}
