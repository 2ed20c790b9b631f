// SPDX-License-Identifier: Apache-2.0

export interface OperatorPodOptions {
  name: string;
  /** The tag of `operatorImage()`, already loaded into the node. */
  image: string;
  /** Flags of the operator. */
  args?: readonly string[];
}

/** Where deploy/rbac.yaml has the ServiceAccount; the namespace refuses what is not `restricted`. */
export const operatorPodNamespace = 'headway-system';
export const operatorPorts = { health: 8081, metrics: 8080 } as const;

/** A pod of the operator with no more rights on its node than Kubernetes can take away: it writes nothing to its root. */
export function operatorPod({ name, image, args = [] }: OperatorPodOptions) {
  const probe = (path: string) => ({ httpGet: { path, port: 'health' }, periodSeconds: 1 });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: operatorPodNamespace },
    spec: {
      serviceAccountName: 'headway',
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'headway',
          image,
          imagePullPolicy: 'Never',
          args,
          ports: Object.entries(operatorPorts).map(([port, containerPort]) => ({
            name: port,
            containerPort,
          })),
          readinessProbe: probe('/readyz'),
          livenessProbe: probe('/healthz'),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  };
}
