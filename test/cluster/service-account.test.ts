// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { withToken } from './service-account.ts';

const admin = `
apiVersion: v1
kind: Config
clusters: [{name: c1, cluster: {server: 'https://h:1', certificate-authority-data: Q0E=}}]
users: [{name: admin, user: {client-key-data: SECRET}}]
contexts: [{name: admin, context: {cluster: c1, user: admin}}]
current-context: admin
`;

describe('withToken', () => {
  it('keeps the cluster and nothing of the admin', () => {
    const text = withToken(admin, 'shop/operator', 'T');
    expect(parse(text)).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c1', cluster: { server: 'https://h:1', 'certificate-authority-data': 'Q0E=' } }],
      users: [{ name: 'shop/operator', user: { token: 'T' } }],
      contexts: [{ name: 'c1', context: { cluster: 'c1', user: 'shop/operator' } }],
      'current-context': 'c1',
    });
    expect(text).not.toContain('SECRET');
  });

  it('refuses a kubeconfig without a cluster', () => {
    expect(() => withToken('clusters: []', 'a/b', 'T')).toThrow('clusters');
  });
});
