// SPDX-License-Identifier: Apache-2.0
// Test support: objects as an API server sends them, and stores that hold them.
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { parse } from 'yaml';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { systemClock } from '../../runtime/clock.ts';
import { type Log, silentLog } from '../../runtime/log.ts';
import type { Store, StoreSink } from '../../runtime/store.ts';
import { canaryKind } from '../canary/kind.ts';
import { type RolloutStores, createRolloutStores } from './stores.ts';

/** An object from YAML, in namespace shop. */
export function fromYaml(yaml: string): KubeObject {
  const given = parse(yaml) as KubeObject;
  return {
    ...given,
    metadata: {
      namespace: 'shop',
      uid: `uid-${given.metadata.name}`,
      resourceVersion: '1',
      ...given.metadata,
    },
  };
}

export const CANARY = `
apiVersion: headway.dev/v1alpha1
kind: Canary
metadata: {name: web, generation: 3, finalizers: [headway.dev/restore-traffic]}
spec:
  targetRef: {kind: Deployment, name: web}
  service: {name: checkout}
  steps: [{setWeight: 20}, {pause: {}}]
`;

export const INGRESS_CANARY = `${CANARY}  traffic: {ingress: {name: shop}}\n`;

export function canaryFrom(yaml = CANARY): Rollout {
  return canaryKind.read(fromYaml(yaml)).rollout();
}

export const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  generation: 4
  creationTimestamp: "2026-11-21T09:00:00Z"
  labels: {app: web, app.kubernetes.io/instance: shop, argocd.argoproj.io/instance: shop, team: red}
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", deployment.kubernetes.io/revision: "4"}
  managedFields:
    - {manager: kubectl, operation: Update, time: "2026-11-21T09:00:00Z", fieldsV1: {"f:spec": {"f:replicas": {}}}}
spec:
  replicas: 5
  revisionHistoryLimit: 10
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      creationTimestamp: null
      labels: {app: web}
      annotations: {prometheus.io/scrape: "true"}
    spec:
      containers:
        - {name: web, image: "registry.example:5000/shop/web:1.4.2", ports: [{containerPort: 8080}]}
status: {observedGeneration: 4, replicas: 5, updatedReplicas: 5, readyReplicas: 5, availableReplicas: 5}
`;

export const SERVICE = `
apiVersion: v1
kind: Service
metadata:
  name: checkout
  resourceVersion: "17"
  managedFields:
    - {manager: argocd, operation: Update, time: "2026-11-21T09:00:00Z", fieldsV1: {"f:spec": {"f:selector": {}}}}
spec:
  type: NodePort
  clusterIP: 10.0.0.7
  selector: {app: web}
  ports:
    - {name: http, port: 80, targetPort: 8080, protocol: TCP, nodePort: 30080}
    - {name: admin, port: 90, targetPort: admin, protocol: TCP, appProtocol: http}
`;

export const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  rules: [{host: shop.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {number: 80}}}}]}}]
`;

/** An EndpointSlice of a Service with these ready pods and one that is not. */
export function sliceOf(service: string, name: string, pods: readonly string[]): KubeObject {
  const endpoints = pods.map((pod) => ({
    conditions: { ready: true },
    targetRef: { kind: 'Pod', name: pod },
  }));
  const ending = {
    conditions: { ready: false, serving: true },
    targetRef: { kind: 'Pod', name: `${service}-ending` },
  };
  const slice = fromYaml(`{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: ${name}}}`);
  slice.metadata.labels = { 'kubernetes.io/service-name': service };
  return { ...slice, endpoints: [...endpoints, ending] };
}

/** A pod of a revision of Canary web. */
export function podOf(revision: string, name: string, status: object = {}): KubeObject {
  const pod = fromYaml(`{apiVersion: v1, kind: Pod, metadata: {name: ${name}}}`);
  pod.metadata.labels = {
    app: 'web',
    'headway.dev/canary': 'web',
    'headway.dev/revision': revision,
    'headway.dev/serving': 'true',
  };
  return { ...pod, status };
}

/** The stores of the controller, holding these objects; by the names of CanaryStores. */
export function storesWith(held: Partial<Record<keyof RolloutStores, readonly KubeObject[]>>): RolloutStores {
  const log: Log = { ...silentLog, error: (_fields, message) => fail(message) };
  const { stores } = createRolloutStores({ client: {} as KubeClient, clock: systemClock, log });
  for (const [name, objects] of Object.entries(held)) {
    for (const object of objects) put(stores, name as keyof RolloutStores, object);
  }
  return stores;
}

export function put(stores: RolloutStores, name: keyof RolloutStores, object: KubeObject): void {
  (stores[name] as unknown as StoreSink).upsert(object);
}

function fail(message: string): never {
  throw new Error(message);
}

/** What the stores show of a resource, as an API server tells the metadata of it that has no more than that. */
export function shownIn(stores: RolloutStores, plural: string): KubeObject[] {
  const store: Store<unknown> | undefined = Object.values(stores).find(({ name }) => name === plural);
  const entries = (store?.keys() ?? []).map((key) => store?.entry(key));
  return entries.flatMap((entry) => {
    if (!entry) return [];
    const { namespace, name, uid, resourceVersion } = entry;
    const labels = { 'headway.dev/canary': 'web' };
    return [
      {
        apiVersion: 'v1',
        kind: '',
        metadata: { namespace, name, uid, resourceVersion, labels },
      },
    ];
  });
}
