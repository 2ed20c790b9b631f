// SPDX-License-Identifier: Apache-2.0
// I30: names as long as the API server takes them, which differ only in their last letter.
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { resources } from '../../operator/kube/resources.ts';
import { admin } from '../e2e/support/world.ts';
import { canary, deployment, named, service } from './objects.ts';
import { useStand } from './use-stand.ts';

const WITHIN_MS = 150_000;
/** Bounds of the API server for the name of an object, of a Service and for the value of a label. */
const MAX = { name: 253, service: 63, label: 63 } as const;

const stand = useStand({ operator: 'long-names', port: 9216, withinMs: WITHIN_MS });

interface Revision extends KubeObject {
  readonly spec: { readonly selector: { readonly matchLabels: Record<string, string> } };
}

/** A shop of its own under the longest names; those of two shops differ in the last letter. */
function shop(letter: string): object[] {
  const long = (max: number) => `${'n'.repeat(max - 1)}${letter}`;
  const app = { app: letter };
  const template = { metadata: { labels: app }, spec: { containers: [{ name: 'shop', image: 'shop:1' }] } };
  const spec = {
    targetRef: { kind: 'Deployment', name: long(MAX.name) },
    service: { name: long(MAX.service) },
  };
  return [
    named(deployment({ selector: { matchLabels: app }, template }), long(MAX.name)),
    named(service({ selector: app }), long(MAX.service)),
    canary(spec, { name: long(MAX.name) }),
  ];
}

describe('I30 names of 253 characters', () => {
  it(
    'get revisions of their own, whose names and labels the API server takes',
    async () => {
      await stand.apply(...shop('a'), ...shop('b'));
      for (const letter of ['a', 'b']) await stand.ready(`${'n'.repeat(MAX.name - 1)}${letter}`, 'Succeeded');
      const { items } = await admin().list<Revision>(resources.deployments, { namespace: stand.namespace });
      const revisions = items.filter(({ metadata }) => metadata.ownerReferences?.length);
      expect(revisions).toHaveLength(2);
      const labels = revisions.flatMap(({ spec }) => Object.values(spec.selector.matchLabels));
      expect(Math.max(...labels.map(({ length }) => length))).toBeLessThanOrEqual(MAX.label);
      expect(new Set(revisions.map(({ spec }) => JSON.stringify(spec.selector))).size).toBe(2);
    },
    WITHIN_MS,
  );
});
