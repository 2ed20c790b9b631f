// SPDX-License-Identifier: Apache-2.0
import { API_VERSION } from '../../operator/api/group.ts';
import type { Manifest } from '../manifests/manifests.ts';
import type { Draft } from './draft.ts';
import { within } from './pods.ts';
import type { Workshop } from './workshop.ts';

/**
 * Autoscalers of the input that point at a source are pointed at what became of it. `isTarget` tells whether one points at
 * the source.
 */
export function convertAutoscalers(
  workshop: Workshop,
  draft: Draft,
  near: Manifest,
  isTarget: (reference: { readonly kind: unknown; readonly name: unknown }) => boolean,
): void {
  for (const kind of ['HorizontalPodAutoscaler', 'ScaledObject']) {
    for (const source of workshop.near(near, kind)) {
      const reference = {
        kind: within(source.value, 'spec', 'scaleTargetRef', 'kind') ?? 'Deployment',
        name: within(source.value, 'spec', 'scaleTargetRef', 'name'),
      };
      if (isTarget(reference) && !workshop.isTakenUp(source)) repoint(workshop, source, draft);
    }
  }
}

function repoint(workshop: Workshop, source: Manifest, draft: Draft): void {
  const ledger = workshop.ledgerOf(source);
  const copy = workshop.draft(source.kind, source, source.apiVersion);
  for (const field of ['metadata', 'spec']) {
    const value = source.value[field];
    if (value === undefined) continue;
    copy.set([field], structuredClone(value));
    ledger.kept([field], copy.place([field]));
  }
  for (const field of ['apiVersion', 'kind']) ledger.kept([field], copy.place([field]));
  ledger.dropped(['status'], 'what was seen, and not what is wanted');
  const path = ['spec', 'scaleTargetRef'];
  const place = copy.set(path, { apiVersion: API_VERSION, kind: draft.kind, name: draft.name });
  ledger.changed(path, place, `it is the ${draft.kind} that says how many pods there are`);
  copy.look(path, `apply this when ${draft.kind} ${draft.name} is Healthy, and not before.`);
}
