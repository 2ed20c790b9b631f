// SPDX-License-Identifier: Apache-2.0

export interface DemoDeploymentOptions {
  name: string;
  namespace: string;
  /** The image of `demoImage()`, already loaded into the node. */
  image: string;
  version: string;
  replicas?: number;
  /** The share of deliberate errors, 0 to 1. */
  errorRate?: number;
  latencyMs?: number;
  /** Processor time that an answer costs. */
  cpuMs?: number;
  startDelayMs?: number;
  /** The pods run but never become ready. */
  neverReady?: boolean;
  /** `immediate` breaks open requests on SIGTERM (for an Ingress); `graceful` drains (for a plain Service). */
  exit?: 'immediate' | 'graceful';
  /** Graceful only: the time between failing readiness and closing the listener. */
  drainMs?: number;
  labels?: Record<string, string>;
}

export interface DemoServiceOptions {
  name: string;
  namespace: string;
  /** The name of the Deployment; by default the Service's own. */
  app?: string;
}

export interface DemoIngressOptions {
  name: string;
  namespace: string;
  host: string;
  service: string;
  className?: string;
  path?: string;
  annotations?: Record<string, string>;
}

export interface DemoHttpRouteOptions {
  name: string;
  namespace: string;
  host: string;
  /** Services; a single one needs no weight. */
  backends: readonly { name: string; weight?: number }[];
}

export const appPort = 8080;
export const adminPort = 8081;
const servicePort = 80;

/** The label that `demoDeployment` gives its pods and `demoService` selects by. */
function demoLabels(app: string): { app: string } {
  return { app };
}

export function demoDeployment(options: DemoDeploymentOptions) {
  const labels = demoLabels(options.name);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: options.name, namespace: options.namespace, labels: { ...options.labels, ...labels } },
    spec: {
      replicas: options.replicas ?? 4,
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels: { ...options.labels, ...labels },
          annotations: {
            'prometheus.io/scrape': 'true',
            'prometheus.io/port': String(appPort),
            'prometheus.io/path': '/metrics',
          },
        },
        spec: {
          terminationGracePeriodSeconds: terminationGraceSeconds(options),
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          containers: [demoContainer(options)],
        },
      },
    },
  };
}

export function demoService({ name, namespace, app = name }: DemoServiceOptions) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: demoLabels(app) },
    spec: {
      selector: demoLabels(app),
      ports: [{ name: 'http', port: servicePort, targetPort: 'http', protocol: 'TCP' }],
    },
  };
}

export function demoIngress(options: DemoIngressOptions) {
  const { name, namespace, host, service, className = 'nginx', path = '/', annotations = {} } = options;
  const backend = { service: { name: service, port: { number: servicePort } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace, annotations },
    spec: {
      ingressClassName: className,
      rules: [{ host, http: { paths: [{ path, pathType: 'Prefix', backend }] } }],
    },
  };
}

/** The Gateway that every test cluster has; see ../cluster/README.md. */
export const demoGateway = { namespace: 'gateways', name: 'web' } as const;

/** One rule for all paths of a host, with the backends as they are given. */
export function demoHttpRoute({ name, namespace, host, backends }: DemoHttpRouteOptions) {
  const backendRefs = backends.map((backend) => ({ port: servicePort, ...backend }));
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace },
    spec: { parentRefs: [demoGateway], hostnames: [host], rules: [{ backendRefs }] },
  };
}

interface DemoTraefikOptions {
  name: string;
  namespace: string;
  host: string;
}

/** An IngressRoute for all paths of a host that leads to the TraefikService of its name. */
export function demoIngressRoute({ name, namespace, host }: DemoTraefikOptions) {
  const services = [{ kind: 'TraefikService', name }];
  return {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'IngressRoute',
    metadata: { name, namespace },
    spec: { entryPoints: ['web'], routes: [{ kind: 'Rule', match: `Host(\`${host}\`)`, services }] },
  };
}

/** A TraefikService that leads to the Service of its name. */
export function demoTraefikService({ name, namespace }: Omit<DemoTraefikOptions, 'host'>) {
  const entry = {
    name,
    port: servicePort,
    passHostHeader: true,
    responseForwarding: { flushInterval: '50ms' },
  };
  return {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'TraefikService',
    metadata: { name, namespace },
    spec: { weighted: { services: [entry] } },
  };
}

function demoContainer(options: DemoDeploymentOptions) {
  return {
    name: 'app',
    image: options.image,
    imagePullPolicy: 'Never',
    env: demoEnvironment(options),
    ports: [
      { name: 'http', containerPort: appPort, protocol: 'TCP' },
      { name: 'admin', containerPort: adminPort, protocol: 'TCP' },
    ],
    readinessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 1 },
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}

/** VERSION and ERROR_RATE are always there; the rest only when chosen, so that templates stay short. */
function demoEnvironment(options: DemoDeploymentOptions): { name: string; value: string }[] {
  const {
    version,
    errorRate = 0,
    latencyMs,
    cpuMs,
    startDelayMs,
    neverReady,
    exit = 'immediate',
    drainMs,
  } = options;
  const values: [string, string | number | boolean | undefined][] = [
    ['VERSION', version],
    ['ERROR_RATE', errorRate],
    ['EXIT', exit],
    ['LATENCY_MS', latencyMs],
    ['CPU_MS', cpuMs],
    ['START_DELAY_MS', startDelayMs],
    ['NEVER_READY', neverReady],
    ['DRAIN_MS', exit === 'graceful' ? drainMs : undefined],
  ];
  return values.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: String(value) }]));
}

const defaultDrainMs = 5000;
const finishWithinSeconds = 10;

/** Longer than the app's own end can take, so that the kubelet never cuts a drain short. */
function terminationGraceSeconds({ exit, drainMs = defaultDrainMs }: DemoDeploymentOptions): number {
  return exit === 'graceful' ? Math.ceil(drainMs / 1000) + finishWithinSeconds + 5 : 5;
}
