// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { list, map, object, on, section, text } from './value-types.ts';

/** The image's own user, which owns nothing in it. */
const USER = 65_532;

function probe(
  what: string,
  byDefault: { failureThreshold: number; periodSeconds: number; timeoutSeconds: number },
) {
  const count = (description: string, value: number) => z.int().min(1).default(value).describe(description);
  return section(what, {
    periodSeconds: count('Seconds between two questions.', byDefault.periodSeconds),
    timeoutSeconds: count('Seconds that an answer may take.', byDefault.timeoutSeconds),
    failureThreshold: count('Failures in a row that count.', byDefault.failureThreshold),
  });
}

function spread(topologyKey: string) {
  return { maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway' };
}

export const podValues = {
  resources: object(
    'Requests and limits of the container. 1,000 Canaries take 114 MiB, 140 MiB at most after a start beside them. No limit of the CPU: a leader that is throttled loses its Lease.',
    { requests: { cpu: '100m', memory: '160Mi' }, limits: { memory: '512Mi' } },
  ),
  podSecurityContext: object('Security context of the pod; Pod Security `restricted`.', {
    runAsNonRoot: true,
    runAsUser: USER,
    runAsGroup: USER,
    seccompProfile: { type: 'RuntimeDefault' },
  }),
  securityContext: object('Security context of the container; Pod Security `restricted`.', {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  }),
  livenessProbe: probe('When the kubelet starts the container anew (/healthz).', {
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 6,
  }),
  readinessProbe: probe('When the pod counts as ready (/readyz): its caches are filled.', {
    periodSeconds: 5,
    timeoutSeconds: 5,
    failureThreshold: 3,
  }),
  terminationGracePeriodSeconds: z
    .int()
    .min(1)
    .default(30)
    .describe('Seconds until a pod that ends is killed; more than `operator.shutdownGrace`.'),
  podDisruptionBudget: section('How many pods a drain may take at once.', {
    enabled: on('Make a PodDisruptionBudget.'),
    maxUnavailable: z.int().min(0).default(1).describe('Pods that may be away.'),
  }),
  topologySpreadConstraints: list(
    z.looseObject({}),
    'How pods are spread; the selector is filled in where there is none.',
    [spread('kubernetes.io/hostname'), spread('topology.kubernetes.io/zone')],
  ),
  priorityClassName: text('PriorityClass of the pods.'),
  nodeSelector: map('Labels that a node must have.'),
  tolerations: list(z.looseObject({}), 'Taints that are tolerated.'),
  affinity: object('Affinity of the pods.'),
  podLabels: map('Labels of the pods.'),
  podAnnotations: map('Annotations of the pods.'),
  extraArgs: list(z.string(), 'More arguments; they win over `operator`.'),
  extraEnv: list(z.looseObject({}), 'More environment variables of the container.'),
  extraVolumes: list(z.looseObject({}), 'More volumes of the pod.'),
  extraVolumeMounts: list(z.looseObject({}), 'More mounts of the container.'),
};
