// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existingProvider } from './provider.ts';

const before = process.env['KUBECONFIG'];
beforeEach(() => {
  process.env['KUBECONFIG'] = '/first:/second';
});
afterEach(() => {
  if (before === undefined) {
    delete process.env['KUBECONFIG'];
  } else {
    process.env['KUBECONFIG'] = before;
  }
});

describe('the provider "existing"', () => {
  it('is the first file of KUBECONFIG, else the one at home', async () => {
    expect(await existingProvider.kubeconfig('x', 'admin')).toBe('/first');
    process.env['KUBECONFIG'] = '';
    expect(await existingProvider.kubeconfig('x', 'admin')).toMatch(/\/\.kube\/config$/);
  });

  it.each([
    ['alice', 'an existing cluster has only the user of its kubeconfig, not alice'],
    ['mallory', 'no user "mallory"; there are admin, alice, bob'],
  ])('has nobody else: %s', async (user, message) => {
    await expect(existingProvider.kubeconfig('x', user)).rejects.toThrow(message);
  });

  it('takes no images', async () => {
    await expect(existingProvider.loadImage('x', 'a.tar')).rejects.toThrow(
      'a.tar: the nodes of an existing cluster take images only from a registry; push it to theirs',
    );
  });
});
