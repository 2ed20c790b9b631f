// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Grant } from './grants.ts';
import { asServedIn, compare } from './privileges.ts';
import type { Use } from './uses.ts';

const pods = { group: '', resource: 'pods' };
const jobs = { group: 'batch', resource: 'jobs' };

function grant(right: { group: string; resource: string }, verb: string, more: Partial<Grant> = {}): Grant {
  return { role: 'ClusterRole headway', ...right, verb, ...more };
}

function use(right: { group: string; resource: string }, verb: string, more: Partial<Use> = {}): Use {
  return { namespace: 'shop', isRefused: false, ...right, verb, ...more };
}

describe('compare', () => {
  it('has nothing to say where all that is granted is used, and nothing else', () => {
    const grants = [grant(pods, 'list'), grant(jobs, 'delete')];
    expect(compare(grants, [use(pods, 'list', { namespace: '' }), use(jobs, 'delete')])).toEqual([]);
  });

  it('says what is granted and not used', () => {
    const leases = { group: 'coordination.k8s.io', resource: 'leases' };
    const role = 'Role headway-leader-election in namespace headway-system';
    const grants = [grant(jobs, 'delete'), grant(leases, 'create', { role, namespace: 'headway-system' })];
    expect(compare(grants, [])).toEqual([
      'ClusterRole headway grants `delete` on `jobs.batch`, which nothing used',
      `${role} grants \`create\` on \`leases.coordination.k8s.io\`, which nothing used`,
    ]);
  });

  const nodes = { group: '', resource: 'nodes' };
  const version = { group: '', resource: '/version' };
  it.each<[string, Use[], string]>([
    [
      'refused',
      [use(nodes, 'list', { namespace: '', isRefused: true })],
      '`list` on `nodes` cluster-wide, which nothing grants (403)',
    ],
    [
      'given by somebody else',
      [use(version, 'get', { namespace: '' })],
      '`get` on `/version` cluster-wide, which nothing grants',
    ],
    ['of another verb', [use(pods, 'watch')], '`watch` on `pods` in namespace shop, which nothing grants'],
    [
      'of a subresource',
      [use({ group: '', resource: 'pods/log' }, 'list')],
      '`list` on `pods/log` in namespace shop, which nothing grants',
    ],
    [
      'of another group',
      [use({ group: 'metrics.k8s.io', resource: 'pods' }, 'list')],
      '`list` on `pods.metrics.k8s.io` in namespace shop, which nothing grants',
    ],
    [
      'in many namespaces',
      [use(jobs, 'list', { isRefused: true }), use(jobs, 'list', { namespace: 'web', isRefused: true })],
      '`list` on `jobs.batch` in namespace shop and 1 more, which nothing grants (403)',
    ],
  ])('says what was used and is not granted: %s', (_title, uses, sentence) => {
    expect(compare([grant(pods, 'list')], [use(pods, 'list'), ...uses])).toEqual([`used ${sentence}`]);
  });

  it('keeps a right to the namespace that it is granted in', () => {
    const grants = [grant(jobs, 'list', { namespace: 'shop' })];
    expect(compare(grants, [use(jobs, 'list')])).toEqual([]);
    expect(compare(grants, [use(jobs, 'list'), use(jobs, 'list', { namespace: 'web' })])).toEqual([
      'used `list` on `jobs.batch` in namespace web, which nothing grants',
    ]);
    expect(compare(grants, [use(jobs, 'list', { namespace: '' })])).toEqual([
      'used `list` on `jobs.batch` cluster-wide, which nothing grants',
      'ClusterRole headway grants `list` on `jobs.batch`, which nothing used',
    ]);
  });

  it('takes a role that is bound in several namespaces for used where one of them needs it', () => {
    const grants = ['shop', 'web'].map((namespace) => grant(jobs, 'list', { namespace }));
    expect(compare(grants, [use(jobs, 'list')])).toEqual([]);
    expect(compare(grants, [])).toEqual([
      'ClusterRole headway grants `list` on `jobs.batch`, which nothing used',
    ]);
  });

  it('finds one too many what is granted in a namespace and everywhere', () => {
    const local = grant(jobs, 'list', { role: 'Role jobs in namespace shop', namespace: 'shop' });
    expect(compare([local, grant(jobs, 'list')], [use(jobs, 'list')])).toEqual([
      'Role jobs in namespace shop grants `list` on `jobs.batch`, which nothing used',
    ]);
  });

  it('takes no use for granted because it was asked for and refused elsewhere', () => {
    const refused = use(pods, 'list', { isRefused: true });
    expect(compare([grant(pods, 'list')], [refused])).toEqual([]);
    expect(compare([], [refused])).toEqual([
      'used `list` on `pods` in namespace shop, which nothing grants (403)',
    ]);
  });
});

describe('asServedIn', () => {
  const providers = { group: 'headway.dev', resource: 'metricsproviders' };
  const status = { group: 'headway.dev', resource: 'canaries/status' };
  const secrets = { group: '', resource: 'secrets' };
  const grants = [
    grant(pods, 'list'),
    grant(providers, 'list'),
    grant(status, 'patch'),
    grant(secrets, 'get', { namespace: 'web' }),
  ];

  it('moves what is in namespaces to the one, and leaves what is in none', () => {
    const uses = [
      use(pods, 'list', { namespace: '' }),
      use(status, 'patch', { namespace: 'web' }),
      use(providers, 'list', { namespace: '' }),
    ];
    const served = asServedIn('shop', uses, grants);
    expect(served.map(({ resource, namespace }) => `${resource} ${namespace}`)).toEqual([
      'pods shop',
      'canaries/status shop',
      'metricsproviders ',
    ]);
  });

  it('leaves out what was given in single namespaces, or not at all', () => {
    const uses = [use(secrets, 'get', { namespace: 'web' }), use(pods, 'delete', { isRefused: true })];
    expect(asServedIn('shop', uses, grants)).toEqual([]);
  });

  it('refuses a resource that nobody knows', () => {
    const nodes = { group: '', resource: 'nodes' };
    const refused = () => asServedIn('shop', [use(nodes, 'list')], [grant(nodes, 'list')]);
    expect(refused).toThrow('does not know nodes.');
  });
});
