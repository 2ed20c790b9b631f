// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../operator/config.ts';
import { version } from '../../operator/version.ts';
import { one, render, type Rendered } from './rendered.ts';

async function deploymentOf(values: object = {}): Promise<Rendered> {
  return one(await render({ values, only: ['templates/deployment.yaml'] }), 'Deployment');
}

// oxlint-disable-next-line typescript/no-explicit-any -- a pod is looked into
async function podOf(values: object = {}): Promise<any> {
  return (await deploymentOf(values)).spec.template.spec;
}

/** The config that the operator reads from the arguments of the pod, and from its namespace, which the kubelet tells it. */
async function configOf(values: object = {}, namespace = 'headway-system') {
  const [{ args }] = (await podOf(values)).containers;
  return loadConfig({ argv: args, env: {}, readFile: () => namespace });
}

describe('the pod', () => {
  // oxlint-disable-next-line typescript/no-explicit-any
  let pod: any;
  beforeAll(async () => {
    pod = await podOf();
  });

  it('is restricted, as Pod Security says it', () => {
    expect(pod.securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(pod.containers.map(({ securityContext }: { securityContext: object }) => securityContext)).toEqual(
      [
        {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      ],
    );
    expect([pod.hostNetwork, pod.hostPID, pod.hostIPC, pod.volumes]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is probed where the operator serves health', () => {
    const [{ livenessProbe, readinessProbe, ports }] = pod.containers;
    expect(ports).toEqual([
      { name: 'health', containerPort: 8081, protocol: 'TCP' },
      { name: 'metrics', containerPort: 8080, protocol: 'TCP' },
    ]);
    expect(livenessProbe).toMatchObject({ httpGet: { path: '/healthz', port: 'health' }, timeoutSeconds: 5 });
    expect(readinessProbe).toMatchObject({ httpGet: { path: '/readyz', port: 'health' } });
  });

  it('has a limit of memory and none of the CPU', () => {
    expect(pod.containers[0].resources).toEqual({
      requests: { cpu: '100m', memory: '160Mi' },
      limits: { memory: '512Mi' },
    });
  });

  it('runs the image of the version', () => {
    expect(pod.containers[0]).toMatchObject({
      image: `ghcr.io/headway-dev/headway:${version}`,
      imagePullPolicy: 'IfNotPresent',
    });
  });

  it('is spread over nodes and zones by its own labels', () => {
    const selector = {
      matchLabels: { 'app.kubernetes.io/name': 'headway', 'app.kubernetes.io/instance': 'headway' },
    };
    expect(pod.topologySpreadConstraints).toEqual(
      ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: selector,
      })),
    );
  });

  it('gets no variables for Services, whose names are those of options', () => {
    expect(pod.enableServiceLinks).toBe(false);
  });
});

describe('the arguments', () => {
  it('are understood by the operator, and say its defaults', async () => {
    const loaded = await configOf();
    expect(loaded).toMatchObject({
      kind: 'run',
      config: {
        namespaces: [],
        routers: ['ingress', 'gateway', 'traefik', 'alb', 'istio'],
        workers: 16,
        leaderElection: { enabled: true, namespace: 'headway-system', name: 'headway' },
        healthAddress: { host: '', port: 8081 },
        metricsAddress: { host: '', port: 8080 },
        log: { level: 'info', format: 'json' },
        shutdownGraceMs: 4000,
      },
    });
  });

  it.each<[string, object, string]>([
    ['that of the pod, wherever the manifests were moved to', {}, 'elsewhere'],
    ['that of the release, for another cluster', { kubeconfig: '/etc/other' }, 'headway-system'],
    ['the one that is named', { leaderElectionNamespace: 'ops' }, 'ops'],
  ])('leave the Lease in %s', async (_, operator, namespace) => {
    expect(await configOf({ operator }, 'elsewhere')).toMatchObject({
      config: { leaderElection: { namespace } },
    });
  });

  it('carry every option', async () => {
    const values = {
      scope: 'Namespaced',
      namespaces: ['shop', 'cart'],
      replicas: 1,
      terminationGracePeriodSeconds: 100,
      traffic: { alb: { enabled: false }, ingress: { enabled: false } },
      operator: {
        workers: 8,
        kubeconfig: '/etc/other/kubeconfig',
        leaderElection: false,
        leaderElectionNamespace: 'ops',
        leaderElectionName: 'other',
        healthAddress: ':9081',
        metricsAddress: 'off',
        logLevel: 'debug',
        logFormat: 'text',
        shutdownGrace: '1m30s',
      },
    };
    expect(await configOf(values)).toEqual({
      kind: 'run',
      config: {
        namespaces: ['shop', 'cart'],
        routers: ['gateway', 'traefik', 'istio'],
        kubeconfig: '/etc/other/kubeconfig',
        workers: 8,
        leaderElection: { enabled: false, namespace: 'ops', name: 'other' },
        healthAddress: { host: '', port: 9081 },
        metricsAddress: undefined,
        log: { level: 'debug', format: 'text' },
        shutdownGraceMs: 90_000,
      },
    });
  });

  it('end with those of the user, which win', async () => {
    expect(await configOf({ extraArgs: ['--log-level=debug'] })).toMatchObject({
      config: { log: { level: 'debug' } },
    });
  });

  it('name another Lease for another release', async () => {
    const [{ args }] = one(await render({ name: 'team-b' }), 'Deployment').spec.template.spec.containers;
    expect(args).toContain('--leader-election-name=team-b-headway');
  });
});

describe('what a user adds', () => {
  it('is where it belongs', async () => {
    const deployment = await deploymentOf({
      labels: { team: 'platform', 'app.kubernetes.io/name': 'mine' },
      annotations: { note: 'all' },
      podLabels: { sidecar: 'no' },
      podAnnotations: { scrape: 'yes' },
      extraEnv: [{ name: 'NODE_OPTIONS', value: '--no-warnings' }],
      extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }],
      extraVolumeMounts: [{ name: 'ca', mountPath: '/etc/ca' }],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ key: 'infra', operator: 'Exists' }],
      affinity: { nodeAffinity: {} },
      priorityClassName: 'system-cluster-critical',
      imagePullSecrets: [{ name: 'registry' }],
      topologySpreadConstraints: [
        {
          maxSkew: 2,
          topologyKey: 'zone',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { a: 'b' } },
        },
      ],
      image: { repository: 'registry.local/headway', digest: `sha256:${'a'.repeat(64)}` },
    });
    const { metadata, spec: pod } = deployment.spec.template;
    expect(deployment.metadata).toMatchObject({
      labels: { team: 'platform', 'app.kubernetes.io/name': 'headway' },
      annotations: { note: 'all' },
    });
    expect(metadata).toMatchObject({
      labels: { team: 'platform', sidecar: 'no' },
      annotations: { scrape: 'yes' },
    });
    expect(pod).toMatchObject({
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ key: 'infra', operator: 'Exists' }],
      affinity: { nodeAffinity: {} },
      priorityClassName: 'system-cluster-critical',
      imagePullSecrets: [{ name: 'registry' }],
      volumes: [{ name: 'ca', configMap: { name: 'ca' } }],
      topologySpreadConstraints: [{ maxSkew: 2, labelSelector: { matchLabels: { a: 'b' } } }],
    });
    expect(pod.topologySpreadConstraints[0].labelSelector).toEqual({ matchLabels: { a: 'b' } });
    expect(pod.containers[0]).toMatchObject({
      image: `registry.local/headway@sha256:${'a'.repeat(64)}`,
      env: [{ name: 'NODE_OPTIONS', value: '--no-warnings' }],
      volumeMounts: [{ name: 'ca', mountPath: '/etc/ca' }],
    });
  });

  it('may be to leave the user to the cluster, as OpenShift wants it', async () => {
    const { securityContext } = await podOf({ podSecurityContext: { runAsUser: null, runAsGroup: null } });
    expect(securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  });

  it('may be one port for health and metrics', async () => {
    const objects = await render({ values: { operator: { metricsAddress: ':8081' } } });
    expect(one(objects, 'Deployment').spec.template.spec.containers[0].ports).toHaveLength(1);
    expect(one(objects, 'Service').spec.ports).toEqual([
      { name: 'metrics', port: 8081, targetPort: 8081, protocol: 'TCP' },
    ]);
  });
});
