// SPDX-License-Identifier: Apache-2.0

// Bodies are kept for what carries traffic, so that the order of all moves can be checked afterwards.
const withBodies = [
  { group: 'apps', resources: ['deployments', 'deployments/*'] },
  { group: '', resources: ['services', 'services/*'] },
  { group: 'discovery.k8s.io', resources: ['endpointslices'] },
  { group: 'networking.k8s.io', resources: ['ingresses', 'ingresses/*'] },
  { group: 'gateway.networking.k8s.io', resources: ['*'] },
  { group: 'traefik.io', resources: ['traefikservices'] },
  { group: 'headway.dev', resources: ['*'] },
  // Who was given which rights.
  { group: 'rbac.authorization.k8s.io', resources: ['*'] },
];

/** Verbs of requests that change something. */
export const writeVerbs = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;

/** Every ServiceAccount of the namespace that an operator under test runs in. */
const testedGroup = 'system:serviceaccounts:headway-system';

/** Size in MB at which the API server would begin a new file: never, for a reader of one sees the end alone. */
export const auditLogMegabytes = 10_000;

/**
 * Every write with its metadata, and what carries traffic with its bodies. Of reads only those of the operators under test,
 * without bodies: what they ask for is compared with what they may.
 */
export function auditPolicy(): object {
  const writes = [...writeVerbs];
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitManagedFields: true,
    omitStages: ['RequestReceived'],
    rules: [
      { level: 'RequestResponse', verbs: writes, resources: withBodies },
      // Which pods were taken out of their Services; what kubelets say about pods goes to pods/status.
      { level: 'RequestResponse', verbs: ['patch'], resources: [{ group: '', resources: ['pods'] }] },
      { level: 'Metadata', verbs: writes },
      { level: 'Metadata', userGroups: [testedGroup] },
      { level: 'None' },
    ],
  };
}
