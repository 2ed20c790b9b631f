// SPDX-License-Identifier: Apache-2.0
// I53: bad Canaries that an older CRD let in are there before the operator starts: it starts, marks them, and serves
// the others.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { resources } from '../../operator/kube/resources.ts';
import { kubectl } from '../e2e/support/kubectl.ts';
import type { Operator } from '../e2e/support/operator.ts';
import { waitFor } from '../e2e/support/wait.ts';
import { admin, root } from '../e2e/support/world.ts';
import { canary, deployment, service } from './objects.ts';
import { closeOperator, openOperator } from './operator.ts';
import { openStand, type Stand } from './stand.ts';

const WITHIN_MS = 150_000;
const crdPath = join(root, 'crds/canaries.yaml');

let operator: Operator | undefined;
let stand: Stand;

interface Version {
  schema: {
    openAPIV3Schema: { properties: Record<string, object>; 'x-kubernetes-validations'?: unknown };
  };
}

interface Event extends KubeObject {
  readonly regarding: { readonly name: string };
}

/** The CRD as it might have been before it knew any rule of a spec. */
function lenientCrd(): object {
  const crd = parse(readFileSync(crdPath, 'utf8')) as { spec: { versions: Version[] } };
  for (const { schema } of crd.spec.versions) {
    schema.openAPIV3Schema.properties['spec'] = {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
    };
    delete schema.openAPIV3Schema['x-kubernetes-validations'];
  }
  return crd;
}

/** Replaced as a whole: an apply would merge the schemas of the two. */
async function serveCrd(crd: string): Promise<void> {
  await kubectl(['replace', '--filename=-'], crd);
}

/** Each has a target of its own, so that none is in the way of another. */
function bad(name: string, spec: object): object {
  return canary({ targetRef: { kind: 'Deployment', name }, service: { name }, ...spec }, { name });
}

beforeAll(async () => {
  stand = await openStand();
  await serveCrd(JSON.stringify(lenientCrd()));
  let refusal: unknown;
  await waitFor({
    what: 'the lenient CRD to be served',
    withinMs: 30_000,
    probe: async () => {
      try {
        await stand.apply(bad('many', { scaleDownDelay: '1 m', steps: [{ setWeight: 101 }] }));
        return true as const;
      } catch (error) {
        refusal = error; // the API server still goes by the CRD of before
        return undefined;
      }
    },
    explain: () => Promise.resolve(`last refusal: ${String(refusal)}`),
  });
  await stand.apply(bad('wild', { steps: 'all of them' }));
  await serveCrd(readFileSync(crdPath, 'utf8'));
  await stand.apply(deployment(), service(), canary());
  operator = await openOperator('before-start', 9213);
}, WITHIN_MS);

afterAll(async () => {
  await serveCrd(readFileSync(crdPath, 'utf8'));
  await admin().delete(resources.namespaces, { name: stand.namespace });
  if (operator !== undefined) expect(await closeOperator(operator)).toBe(0);
}, WITHIN_MS);

describe('bad Canaries from before the start', () => {
  it(
    'are marked, with all of their errors',
    async () => {
      await stand.ready(
        'many',
        'InvalidSpec',
        'spec.steps[0].setWeight: 101: must be at most 100; ' +
          'spec.scaleDownDelay: "1 m": must be a duration such as 30s, 5m or 1h30m',
      );
    },
    WITHIN_MS,
  );

  it(
    'have an event where no status can be written, as on a field of another type',
    async () => {
      const seen = await waitFor({
        what: 'an event for Canary wild',
        withinMs: 30_000,
        probe: async () => {
          const { items } = await admin().list<Event>(resources.events, { namespace: stand.namespace });
          return items.find(({ regarding }) => regarding.name === 'wild');
        },
      });
      expect(seen).toMatchObject({
        type: 'Warning',
        reason: 'InvalidSpec',
        note: 'spec.steps: "all of them": must be an array',
      });
    },
    WITHIN_MS,
  );

  it(
    'stand in nobody’s way',
    async () => {
      await stand.ready('shop', 'Succeeded');
    },
    WITHIN_MS,
  );

  it.each(['many', 'wild'])(
    'are served once they are mended: %s',
    async (name) => {
      const mended = { ...bad(name, {}), metadata: { name, namespace: stand.namespace } };
      await kubectl(['replace', '--filename=-'], JSON.stringify(mended));
      const said = `Service ${name} is not in namespace ${stand.namespace}; it is taken up as soon as it is`;
      await stand.ready(name, 'ServiceNotFound', `${said}; ${said.replace('Service', 'Deployment')}`);
    },
    WITHIN_MS,
  );
});
