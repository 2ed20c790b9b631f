// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { HeaderMatch } from '../../../api/match.ts';
import type { KubeObject } from '../../../kube/objects.ts';
import { ingressRouter } from './router.ts';
import type { IngressTarget } from './schema.ts';
import { applied, changedBy, ingressFrom, live, PLAIN, PREFIX, targetFor } from './test-objects.ts';

const { observe, planWeight } = ingressRouter;

const NAME = `${PREFIX}/canary-by-header`;
const VALUE = `${PREFIX}/canary-by-header-value`;
const PATTERN = `${PREFIX}/canary-by-header-pattern`;

function target(test: HeaderMatch = { exact: 'always' }): IngressTarget {
  return targetFor(ingressFrom(PLAIN), { match: [{ headers: { 'x-canary': test } }] });
}

function at(
  split: { weight: number; matched: boolean },
  change = (object: KubeObject) => object,
): IngressTarget {
  const fresh = target();
  return { ...fresh, canaryIngress: live(change(applied(planWeight(fresh, split)[0]))) };
}

function annotationsAfter(from: IngressTarget, split: { weight: number; matched: boolean }) {
  return applied(planWeight(from, split)[0]).metadata.annotations;
}

describe('a header that sends requests to the canary', () => {
  it.each<[HeaderMatch, Record<string, string>]>([
    [{ exact: 'a.b' }, { [VALUE]: 'a.b' }],
    [{ regex: 'a|b' }, { [PATTERN]: 'a|b' }],
    [{ prefix: 'a.b' }, { [PATTERN]: '^a\\.b' }],
  ])('%j is said as %j', (test, annotations) => {
    const made = annotationsAfter(target(test), { weight: 20, matched: true });
    expect(made).toMatchObject({ [NAME]: 'x-canary', [`${PREFIX}/canary-weight`]: '20', ...annotations });
    const canaryIngress = live(applied(planWeight(target(test), { weight: 20, matched: true })[0]));
    expect(observe({ ...target(test), canaryIngress })).toMatchObject({
      weight: 20,
      matched: true,
      outdated: false,
    });
  });

  it('is written only when it is asked for, and goes again', () => {
    expect(annotationsAfter(target(), { weight: 0, matched: false })).not.toHaveProperty([NAME]);
    const without = annotationsAfter(at({ weight: 0, matched: true }), { weight: 0, matched: false });
    expect(without).not.toHaveProperty([NAME]);
    expect(without).not.toHaveProperty([VALUE]);
  });

  it('is read back', () => {
    expect(observe(at({ weight: 0, matched: true }))).toMatchObject({
      weight: 0,
      matched: true,
      outdated: false,
    });
    expect(observe(at({ weight: 0, matched: true }))).not.toHaveProperty('overwritten');
  });

  it('that somebody changes is overwritten, and put back', () => {
    const changed = at({ weight: 0, matched: true }, (object) =>
      changedBy('kubectl-annotate', object, { annotations: { [VALUE]: 'never' } }),
    );
    expect(observe(changed)).toMatchObject({
      outdated: true,
      overwritten: { field: `metadata.annotations[${VALUE}]`, manager: 'kubectl-annotate' },
    });
    expect(annotationsAfter(changed, { weight: 0, matched: true })).toMatchObject({ [VALUE]: 'always' });
  });

  it('that somebody takes away is missed', () => {
    const changed = at({ weight: 20, matched: true }, (object) =>
      changedBy('kubectl-annotate', object, { annotations: { [NAME]: undefined } }),
    );
    expect(observe(changed)).toMatchObject({ weight: 20, matched: false });
    expect(annotationsAfter(changed, { weight: 20, matched: true })).toMatchObject({ [NAME]: 'x-canary' });
  });
});
