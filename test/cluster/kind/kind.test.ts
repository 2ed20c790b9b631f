// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { auditPolicyText, kindConfig } from './config.ts';
import { insideKubeconfig } from './provider.ts';

describe('kindConfig', () => {
  const config = parse(kindConfig({ configDir: '/c', auditDir: '/a' }));

  it('is one node with the folders of policy and log', () => {
    expect(config).toMatchObject({ kind: 'Cluster', apiVersion: 'kind.x-k8s.io/v1alpha4' });
    expect(config.nodes).toHaveLength(1);
    expect(config.nodes[0].extraMounts).toEqual([
      { hostPath: '/c', containerPath: '/etc/headway', readOnly: true },
      { hostPath: '/a', containerPath: '/var/log/headway' },
    ]);
  });

  it('has the API server write the audit log there', () => {
    const { apiServer } = parse(config.nodes[0].kubeadmConfigPatches[0]);
    expect(apiServer.extraArgs).toEqual({
      'audit-policy-file': '/etc/headway/audit-policy.yaml',
      'audit-log-path': '/var/log/headway/audit.log',
      'audit-log-maxsize': '10000',
    });
    expect(apiServer.extraVolumes.map((one: { hostPath: string }) => one.hostPath)).toEqual([
      '/etc/headway',
      '/var/log/headway',
    ]);
    expect(parse(auditPolicyText()).kind).toBe('Policy');
  });
});

describe('insideKubeconfig', () => {
  const kinds = `
clusters: [{name: kind-a, cluster: {server: 'https://127.0.0.1:39999', certificate-authority-data: Q0E=}}]
users: [{name: kind-a, user: {client-certificate-data: QQ==}}]
`;

  it.each([
    ['admin', { 'client-certificate-data': 'QQ==' }],
    ['alice', { 'client-certificate-data': 'QQ==', as: 'alice', 'as-groups': ['team-shop'] }],
    ['bob', { 'client-certificate-data': 'QQ==', as: 'bob', 'as-groups': ['sre'] }],
  ])('%s', (user, credentials) => {
    const config = parse(insideKubeconfig(kinds, user));
    expect(config.clusters[0].cluster).toEqual({
      server: 'https://127.0.0.1:6443',
      'certificate-authority-data': 'Q0E=',
    });
    expect(config.users[0].user).toEqual(credentials);
  });
});
