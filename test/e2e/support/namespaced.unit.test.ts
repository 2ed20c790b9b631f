// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type Grant, granted } from '../audit/grants.ts';
import { describeRight } from '../audit/rights.ts';
import { deployedRights } from './deployed.ts';
import { namespacedInstallation } from './namespaced.ts';
import { namespacedAccount, operatorAccount, operatorNamespace } from './world.ts';

describe('an installation for one namespace', () => {
  const all = deployedRights();
  const everywhere = granted(all, operatorAccount);
  const here = granted([...all, ...namespacedInstallation(all, 'shop')], namespacedAccount);

  function texts(grants: readonly Grant[], isWanted: (grant: Grant) => boolean): string[] {
    return grants.filter(isWanted).map(describeRight).toSorted();
  }

  it('has for the whole cluster what is in no namespace, and only to read', () => {
    const cluster = texts(here, ({ namespace }) => namespace === undefined);
    expect(cluster).toEqual([
      '`list` on `metricsproviders.headway.dev`',
      '`watch` on `metricsproviders.headway.dev`',
    ]);
  });

  it('has in its namespace all else that the other has everywhere', () => {
    const cluster = texts(here, ({ namespace }) => namespace === undefined);
    const whole = texts(everywhere, ({ namespace }) => namespace === undefined);
    expect(texts(here, ({ namespace }) => namespace === 'shop')).toEqual(
      whole.filter((right) => !cluster.includes(right)),
    );
  });

  it('has the Leases beside it, and nothing in any other namespace', () => {
    const leases = ({ namespace }: Grant): boolean => namespace === operatorNamespace;
    expect(texts(here, leases)).toEqual(texts(everywhere, leases));
    const places = [undefined, 'shop', operatorNamespace];
    expect(new Set(here.map(({ namespace }) => namespace))).toEqual(new Set(places));
  });

  it('cannot be made of anything else', () => {
    expect(() => namespacedInstallation([], 'shop')).toThrow('there is no ClusterRole headway');
  });
});
