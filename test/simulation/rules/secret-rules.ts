// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { Labels } from '../../../operator/api/group.ts';
import { contentOf } from '../../../operator/controllers/rollout/config-reader.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { isRecord } from '../api/json.ts';
import type { Change } from '../api/server.ts';
import { SECRET } from '../cluster/names.ts';
import { specOf } from '../cluster/objects.ts';
import type { World } from '../world.ts';
import type { Auditor } from './auditor.ts';

/** A shorter part of a value may stand anywhere by chance. */
const SHORTEST = 6;
/** So much of a value betrays it, at its beginning or its end. */
const PART = 12;

/** What would betray a Secret of the user: its values, and fingerprints that a short value could be found by. */
export class SecretTraces {
  /** By the text that must be nowhere; what it is. */
  private readonly traces = new Map<string, string>();
  private readonly contents = new Set<string>();

  /** Somebody has written a Secret. */
  learn(secret: KubeObject): void {
    const { name = '' } = secret.metadata;
    this.contents.add(contentOf(secret));
    this.add(contentOf(secret), `the fingerprint of Secret ${name}`);
    for (const [key, encoded] of Object.entries(isRecord(secret['data']) ? secret['data'] : {})) {
      const value = Buffer.from(String(encoded), 'base64').toString();
      this.add(String(encoded), `"${key}" of Secret ${name} in base64`);
      this.add(value, `"${key}" of Secret ${name}`);
      for (const encoding of ['hex', 'base64'] as const)
        this.add(createHash('sha256').update(value).digest(encoding), `a hash of "${key}" of Secret ${name}`);
    }
  }

  /** Whether a Secret has, or had, this content. */
  hasContent(object: KubeObject): boolean {
    return this.contents.has(contentOf(object));
  }

  /** What of a Secret is in a value, if anything is. */
  foundIn(value: unknown): string | undefined {
    if (this.traces.size === 0) return undefined;
    const text = typeof value === 'string' ? value : inspect(value, EVERYTHING);
    for (const [trace, what] of this.traces) if (text.includes(trace)) return what;
    return undefined;
  }

  private add(text: string, what: string): void {
    if (text.length < SHORTEST) return;
    this.traces.set(text.slice(0, PART), what);
    this.traces.set(text.slice(-PART), what);
  }
}

/** Errors with their messages and causes too; nothing is cut. */
const EVERYTHING = {
  depth: Number.POSITIVE_INFINITY,
  maxArrayLength: null,
  maxStringLength: null,
  breakLength: Number.POSITIVE_INFINITY,
} as const;

/** I10: no byte of a Secret in any write, but in the copy that a revision gets where the user has asked for it. */
export function checkSecrets(auditor: Auditor, world: World, { write, key, before, after }: Change): void {
  if (!after) return;
  const isSecret = write.resource === resources.secrets;
  if (isSecret) mustBeCopy(auditor, world, { key, before, after });
  const { data: _data, ...rest } = after;
  auditor.mustTellNothing(`${write.resource.plural} ${key}`, isSecret ? rest : after);
}

function mustBeCopy(
  auditor: Auditor,
  world: World,
  { key, before, after }: Pick<Change, 'key' | 'before'> & { readonly after: KubeObject },
): void {
  const { config } = specOf(world.rollout ?? after) as { config?: { secrets?: string } };
  auditor.must(
    'I10',
    config?.secrets === 'Versioned',
    () => `secrets ${key} is written, and nobody asked for it`,
  );
  // the garbage collector's deletion of it is not the operator's
  auditor.must('I10', before === undefined, () => `secrets ${key} is changed`);
  const { name, labels } = after.metadata;
  const isNamed = name === `${SECRET}-${labels?.[Labels.revision]}` && after['immutable'] === true;
  auditor.must(
    'I10',
    isNamed,
    () => `secrets ${key} is no copy that belongs to one revision and never changes`,
  );
  auditor.must(
    'I10',
    auditor.secrets.hasContent(after),
    () => `secrets ${key} has a content that no Secret had`,
  );
}
