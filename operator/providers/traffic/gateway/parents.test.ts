// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type ParentFacts, readParents } from './parents.ts';
import { projectRoute } from './schema.ts';
import { PLAIN, routeFrom } from './test-objects.ts';

interface Said {
  readonly name?: string;
  readonly namespace?: string;
  readonly accepted?: string;
  readonly resolved?: string;
  /** The route is at generation 3. */
  readonly seen?: number | null;
}

function parent({ name = 'main', namespace, accepted = 'True', resolved = 'True', seen = 3 }: Said) {
  const observed = seen === null ? {} : { observedGeneration: seen };
  const condition = (type: string, status: string) => ({
    type,
    status,
    reason: `${type}Reason`,
    message: 'it says',
    ...observed,
  });
  return {
    parentRef: { name, ...(namespace ? { namespace } : {}) },
    controllerName: 'x',
    conditions: [condition('Accepted', accepted), condition('ResolvedRefs', resolved)],
  };
}

const NOBODY = 'no Gateway has taken up HTTPRoute web; look at its parentRefs and the Gateway that they name';

describe('what the Gateways say', () => {
  it.each<[string, Said[], Partial<ParentFacts>]>([
    ['one has taken it up', [{}], {}],
    ['one that names no generation has', [{ seen: null }], {}],
    ['all have', [{}, { name: 'edge', namespace: 'infra' }], {}],
    ['nobody has looked', [], { pending: 'a Gateway to accept HTTPRoute web', refusal: NOBODY }],
    ['one has not seen the last write', [{ seen: 2 }], { pending: 'Gateway main to take up HTTPRoute web' }],
    [
      'one of two has not seen the last write',
      [{}, { name: 'edge', namespace: 'infra', seen: 2 }],
      { pending: 'Gateway infra/edge to take up HTTPRoute web' },
    ],
    [
      'the only one refuses it',
      [{ accepted: 'False' }],
      {
        pending: 'a Gateway to accept HTTPRoute web',
        refusal: 'Gateway main has not accepted HTTPRoute web (AcceptedReason: it says)',
      },
    ],
    [
      'it was refused before the last write',
      [{ accepted: 'False', seen: 2 }],
      { pending: 'Gateway main to take up HTTPRoute web' },
    ],
    [
      'one of two refuses it',
      [{}, { name: 'edge', accepted: 'False' }],
      {
        exceptions: [
          'Gateway edge has not accepted HTTPRoute web (AcceptedReason: it says); requests through it do not follow the weight',
        ],
      },
    ],
    [
      'a reference does not resolve',
      [{ resolved: 'False' }],
      {
        pending: 'Gateway main to take up HTTPRoute web (ResolvedRefsReason: it says)',
        unresolved: 'Gateway main cannot resolve what HTTPRoute web leads to (ResolvedRefsReason: it says)',
      },
    ],
    ['nobody knows yet', [{ accepted: 'Unknown' }], { pending: 'Gateway main to take up HTTPRoute web' }],
  ])('%s', (_, parents, facts) => {
    const said = parents.map(parent);
    const { rules } = routeFrom(PLAIN)['spec'] as { rules: object[] };
    const spec = { parentRefs: said.map(({ parentRef }) => parentRef), rules };
    const route = projectRoute({ ...routeFrom(PLAIN), spec, status: { parents: said } });
    expect(readParents('HTTPRoute', route)).toEqual({ exceptions: [], ...facts });
  });

  it.each<[string, object, boolean]>([
    ['the same, with its defaults written out', { kind: 'Gateway', name: 'main', namespace: 'shop' }, true],
    ['one of its listeners', { name: 'main', sectionName: 'https' }, true],
    ['another name', { name: 'old' }, false],
    ['another kind', { group: '', kind: 'Service', name: 'main' }, false],
    ['another port', { name: 'main', port: 81 }, false],
    ['another namespace', { name: 'main', namespace: 'elsewhere' }, false],
  ])('counts while the route names who says it: %s', (_, parentRef, counts) => {
    const { rules } = routeFrom(PLAIN)['spec'] as { rules: object[] };
    const spec = { parentRefs: [{ name: 'main', namespace: 'shop', port: 80 }], rules };
    const stale = { ...parent({ seen: 1 }), parentRef };
    const route = projectRoute({ ...routeFrom(PLAIN), spec, status: { parents: [parent({}), stale] } });
    expect(readParents('HTTPRoute', route).pending !== undefined).toBe(counts);
  });

  it('names a listener, and does without conditions', () => {
    const route = projectRoute({
      ...routeFrom(PLAIN),
      status: { parents: [{ parentRef: { name: 'main', sectionName: 'https' } }] },
    });
    expect(readParents('GRPCRoute', route).pending).toBe('Gateway main (https) to take up GRPCRoute web');
  });
});
