// SPDX-License-Identifier: Apache-2.0
import type { Draft } from './draft.ts';
import type { Ledger } from './ledger.ts';

/** What the API server and controllers put into an object. */
const OF_CLUSTER = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generateName',
  'generation',
  'managedFields',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
];

/** Annotations of a tool about the object that they stand on. */
const OF_OBJECT =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration|rollout\.argoproj\.io\/|deployment\.kubernetes\.io\/)/;

/** Name, namespace, labels and annotations go to each of the results; the rest speaks of the old object alone. */
export function convertMetadata(ledger: Ledger, drafts: readonly Draft[]): void {
  const [main] = drafts;
  if (!main) return;
  for (const field of ['apiVersion', 'kind'] as const) {
    ledger.changed([field], main.place([field]), `${String(main.value[field])} here`);
  }
  for (const field of ['name', 'namespace'])
    ledger.kept(['metadata', field], main.place(['metadata', field]));
  for (const field of ['labels', 'annotations']) convertTexts(ledger, drafts, field);
  for (const field of OF_CLUSTER) ledger.dropped(['metadata', field], 'belongs to the object in the cluster');
  ledger.dropped(
    ['metadata', 'finalizers'],
    'the controller that ends them does not look after the new object',
  );
  ledger.dropped(['status'], 'what was seen, and not what is wanted');
}

function convertTexts(ledger: Ledger, drafts: readonly Draft[], field: string): void {
  for (const key of ledger.keys('metadata', field)) {
    const path = ['metadata', field, key];
    if (OF_OBJECT.test(key)) {
      ledger.dropped(path, 'speaks of the old object alone');
      continue;
    }
    const places = drafts.map((draft) => draft.set(path, ledger.value(...path)));
    ledger.kept(path, places[0] ?? '');
  }
}
