// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { layoutOf } from '../layout.ts';
import { partsOf } from '../parts.ts';
import { auditPolicy } from './audit-policy.ts';
import { cniConfig } from './cni.ts';
import { containerdConfig } from './containerd.ts';
import { kubeProxyConfig } from './kube-proxy.ts';
import { kubeletConfig } from './kubelet.ts';
import { baseManifests, gatewayManifests } from './manifests.ts';
import { metricsApiManifests, metricsServerRights } from './metrics-server.ts';
import { prometheusConfig } from './prometheus.ts';
import { traefikArguments } from './traefik.ts';

const layout = layoutOf('c1', '/src');

describe('the audit policy', () => {
  const policy = JSON.parse(JSON.stringify(auditPolicy()));

  it('keeps bodies of what carries traffic, metadata of other writes, and no other', () => {
    expect(policy).toMatchObject({ omitManagedFields: true, omitStages: ['RequestReceived'] });
    expect(policy.rules.map((rule: { level: string }) => rule.level)).toEqual([
      'RequestResponse',
      'RequestResponse',
      'Metadata',
      'Metadata',
      'None',
    ]);
    const groups = policy.rules[0].resources.map((one: { group: string }) => one.group);
    expect(groups).toEqual(
      expect.arrayContaining(['apps', '', 'networking.k8s.io', 'headway.dev', 'discovery.k8s.io']),
    );
    expect(policy.rules[0].verbs).not.toContain('get');
    expect(policy.rules[1]).toMatchObject({
      verbs: ['patch'],
      resources: [{ group: '', resources: ['pods'] }],
    });
    expect(policy.rules[2].resources).toBeUndefined();
    expect(policy.rules[2].verbs).not.toContain('get');
    expect(policy.rules[4]).toEqual({ level: 'None' });
  });

  it('keeps all that the operators under test ask for, reads without bodies and of nobody else', () => {
    expect(policy.rules[3]).toEqual({
      level: 'Metadata',
      userGroups: ['system:serviceaccounts:headway-system'],
    });
  });

  it('never keeps what is in a ConfigMap or a Secret', () => {
    for (const { level, resources = [] } of policy.rules) {
      if (level !== 'RequestResponse') continue;
      const core = resources.filter(({ group }: { group: string }) => group === '');
      const named: string[] = core.flatMap((one: { resources: string[] }) => one.resources);
      expect(resources).not.toEqual([]);
      expect(named.filter((name) => !/^(services|pods)/.test(name))).toEqual([]);
    }
  });
});

describe('the kubelet', () => {
  it('has a cgroup root of its own and no demands on the machine', () => {
    expect(kubeletConfig(layout)).toMatchObject({
      cgroupDriver: 'cgroupfs',
      cgroupRoot: `/headway-${layout.id}/pods`,
      failCgroupV1: false,
      failSwapOn: false,
      enforceNodeAllocatable: [],
      localStorageCapacityIsolation: false,
      resolvConf: '',
      makeIPTablesUtilChains: false,
      authentication: { anonymous: { enabled: false } },
    });
  });
});

describe('containerd', () => {
  it('has root, socket and pause image of its own', () => {
    const text = containerdConfig(layout, 'localhost/pause:1', 'native');
    expect(text).toContain('root = "/src/build/cluster/c1/containerd"\n');
    expect(text).toContain('sandbox_image = "localhost/pause:1"\n');
    expect(text).toContain('snapshotter = "native"\n');
    expect(text).toContain('netns_mounts_under_state_dir = true\n');
    expect(text).toContain('conf_dir = "/src/build/cluster/c1/config/cni"\n');
  });
});

describe('the network of pods', () => {
  it('is routed, in its own range', () => {
    expect(cniConfig()).toMatchObject({
      plugins: [{ type: 'ptp', ipam: { type: 'host-local', ranges: [[{ subnet: '198.18.128.0/24' }]] } }],
    });
  });

  it('is served by nftables, with the limits of the machine left alone', () => {
    expect(kubeProxyConfig('/k')).toMatchObject({
      mode: 'nftables',
      clientConnection: { kubeconfig: '/k' },
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    });
  });
});

describe('Prometheus', () => {
  const config = JSON.parse(JSON.stringify(prometheusConfig('/k')));

  it('scrapes Traefik and annotated pods every second', () => {
    expect(config.global.scrape_interval).toBe('1s');
    expect(config.scrape_configs.map((one: { job_name: string }) => one.job_name)).toEqual([
      'traefik',
      'pods',
    ]);
    expect(config.scrape_configs[0].static_configs).toEqual([{ targets: ['127.0.0.1:8082'] }]);
    expect(config.scrape_configs[1].kubernetes_sd_configs).toEqual([{ role: 'pod', kubeconfig_file: '/k' }]);
  });

  it('labels by namespace, pod and revision', () => {
    const rules: { target_label?: string; source_labels?: string[] }[] =
      config.scrape_configs[1].relabel_configs;
    const sources = Object.fromEntries(rules.map((rule) => [rule.target_label ?? '', rule.source_labels]));
    expect(sources).toMatchObject({
      namespace: ['__meta_kubernetes_namespace'],
      pod: ['__meta_kubernetes_pod_name'],
      revision: ['__meta_kubernetes_pod_label_headway_dev_revision'],
    });
  });
});

describe('Traefik', () => {
  it('reads routes of the Gateway API, its own, and both kinds of Ingress, each by its class, and labels its metrics', () => {
    const args = traefikArguments();
    expect(args).toEqual(
      expect.arrayContaining([
        '--entryPoints.web.address=:8000',
        '--providers.kubernetesIngress=true',
        '--providers.kubernetesIngressNGINX=true',
        '--providers.kubernetesGateway=true',
        '--providers.kubernetesCRD=true',
        '--providers.kubernetesIngress.ingressClass=traefik',
        '--providers.kubernetesIngressNGINX.ingressClass=nginx',
        '--metrics.prometheus.addServicesLabels=true',
      ]),
    );
    // The users' default of 2 s is what stories are timed with.
    expect(args.join(' ')).not.toMatch(/throttle/i);
    // Off by default too: a TraefikService with a Service without pods is dropped as a whole, which stories are to survive.
    expect(args.join(' ')).not.toMatch(/allowEmptyServices/i);
  });
});

describe('the base manifests', () => {
  it('give Traefik and Prometheus their rights, none of them to write but the status of routes', () => {
    const manifests = JSON.parse(JSON.stringify(baseManifests()));
    expect(manifests.map((one: { kind: string }) => one.kind)).toEqual([
      'ClusterRole',
      'ClusterRoleBinding',
      'ClusterRole',
      'ClusterRoleBinding',
      'IngressClass',
    ]);
    const rules = manifests.flatMap(
      (one: { rules?: { verbs: string[]; resources: string[] }[] }) => one.rules ?? [],
    );
    const writing = rules.filter((rule: { verbs: string[] }) => rule.verbs.includes('update'));
    const written: string[] = writing.flatMap((rule: { resources: string[] }) => rule.resources);
    expect(written).toEqual(expect.arrayContaining(['ingresses/status', 'httproutes/status']));
    expect(written.filter((resource) => !resource.endsWith('/status'))).toEqual([]);
  });

  it('have a Gateway on an entry point of Traefik that takes routes of every namespace', () => {
    const [, gatewayClass, gateway] = JSON.parse(JSON.stringify(gatewayManifests()));
    expect(gateway.spec.gatewayClassName).toBe(gatewayClass.metadata.name);
    const [listener] = gateway.spec.listeners;
    expect(traefikArguments()).toContain(`--entryPoints.web.address=:${listener.port}`);
    expect(listener.allowedRoutes).toEqual({ namespaces: { from: 'All' } });
  });
});

describe('metrics-server', () => {
  it('may read, and ask who somebody is and whether they may', () => {
    const rights = JSON.parse(JSON.stringify(metricsServerRights()));
    const verbs: string[] = rights.flatMap((one: { rules?: { verbs: string[] }[] }) =>
      (one.rules ?? []).flatMap((rule) => rule.verbs),
    );
    expect([...new Set(verbs)].toSorted()).toEqual(['get', 'list', 'watch']);
    const bindings = rights.filter((one: { roleRef?: object }) => one.roleRef !== undefined);
    expect(bindings.map((one: { roleRef: { name: string } }) => one.roleRef.name)).toEqual([
      'headway-test:metrics-server',
      'system:auth-delegator',
      'extension-apiserver-authentication-reader',
    ]);
  });

  it('is an API behind the API server, by a Service whose endpoint is the process', () => {
    const [service, slice, api] = JSON.parse(JSON.stringify(metricsApiManifests('Y2E=')));
    const { name, namespace } = service.metadata;
    expect(api.spec).toMatchObject({
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      service: { name, namespace, port: service.spec.ports[0].port },
      caBundle: 'Y2E=',
    });
    expect(api.spec.insecureSkipTLSVerify).toBeUndefined();
    expect(service.spec.selector).toBeUndefined();
    expect(slice.metadata.labels).toEqual({ 'kubernetes.io/service-name': name });
    const part = partsOf(layout, 'node').find((one) => one.name === name);
    expect(slice.ports[0].port).toBe(part?.port);
    expect(service.spec.ports[0].targetPort).toBe(part?.port);
  });
});

describe('the parts of a profile', () => {
  it.each([
    ['api', 'etcd apiserver controller-manager'],
    [
      'node',
      'etcd apiserver controller-manager containerd scheduler kubelet kube-proxy traefik prometheus metrics-server',
    ],
  ] as const)('%s', (profile, names) => {
    expect(
      partsOf(layout, profile)
        .map((part) => part.name)
        .join(' '),
    ).toBe(names);
  });

  it('gives private mounts to the two that keep files at fixed places', () => {
    const own = partsOf(layout, 'node').filter((part) => part.privateMounts);
    expect(own.map((part) => part.name)).toEqual(['containerd', 'kubelet']);
  });

  it('probes each under its own name', () => {
    for (const part of partsOf(layout, 'node')) {
      expect(part.probe.name).toBe(part.name);
    }
  });
});
