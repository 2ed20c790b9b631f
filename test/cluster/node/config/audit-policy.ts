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
];

const writes = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/** Size in MB at which the API server would begin a new file: never, for a reader of one sees the end alone. */
export const auditLogMegabytes = 10_000;

/** Every write with its metadata, what carries traffic with its bodies, and no read. */
export function auditPolicy(): object {
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
      { level: 'None' },
    ],
  };
}
