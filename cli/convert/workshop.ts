// SPDX-License-Identifier: Apache-2.0
import { API_VERSION } from '../../operator/api/group.ts';
import type { Manifest } from '../manifests/manifests.ts';
import { Draft } from './draft.ts';
import { Ledger } from './ledger.ts';

/** What could not be converted at all. */
export interface Refusal {
  readonly source: Manifest;
  readonly message: string;
}

/** A MetricsProvider that was made for an address. */
export interface Provider {
  readonly name: string;
  readonly draft: Draft;
  /** Why its address is another one than was written; absent where it is the same. */
  readonly why?: string;
}

/** Where sources become results: what was read, the books of the sources, and what is made of them. */
export class Workshop {
  readonly all: readonly Manifest[];
  readonly drafts: Draft[] = [];
  readonly refusals: Refusal[] = [];
  /** By the addresses that were written. */
  readonly providers = new Map<string, Provider>();
  private readonly ledgers = new Map<Manifest, Ledger>();

  constructor(all: readonly Manifest[]) {
    this.all = all;
  }

  /** Sources that were taken up, in the order in which they were. */
  get books(): readonly Ledger[] {
    return [...this.ledgers.values()];
  }

  ledgerOf(source: Manifest): Ledger {
    const known = this.ledgers.get(source);
    if (known) return known;
    const ledger = new Ledger(source);
    this.ledgers.set(source, ledger);
    return ledger;
  }

  isTakenUp(source: Manifest): boolean {
    return this.ledgers.has(source);
  }

  /** A new object of Headway, or of another API. */
  draft(
    kind: string,
    { name, namespace }: { readonly name: string; readonly namespace: string },
    apiVersion = API_VERSION,
  ): Draft {
    const draft = new Draft({ apiVersion, kind, name, namespace });
    this.drafts.push(draft);
    return draft;
  }

  refuse(source: Manifest, message: string): void {
    this.refusals.push({ source, message });
  }

  /** An object of the input near another one. */
  find(near: Manifest, kind: string, name: string | undefined): Manifest | undefined {
    return this.near(near, kind).find((other) => other.name === name);
  }

  /** All of a kind in the namespace of another object. */
  near(source: Manifest, kind: string): readonly Manifest[] {
    return this.all.filter(
      (other) =>
        other.kind === kind &&
        (other.namespace === source.namespace || other.namespace === '' || source.namespace === ''),
    );
  }
}
