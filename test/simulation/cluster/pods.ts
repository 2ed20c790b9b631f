// SPDX-License-Identifier: Apache-2.0
import { Labels } from '../../../operator/api/group.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { type Resource, resources } from '../../../operator/kube/resources.ts';
import type { ApiServer } from '../api/server.ts';
import type { Random } from '../random.ts';
import { behaviourOf } from './behaviour.ts';
import { containerOf, labelsOf, NAMESPACE, ownedBy, selectorOf, selects, tagOf } from './objects.ts';

/** Why a pod ended: who lowered its number, or what else took it. */
export type Blame = 'headway' | 'rollout' | 'others';

/** A process in a pod, as it is and not as the API server tells it. */
export interface Pod {
  readonly name: string;
  readonly revision: string;
  readonly tag: string;
  readonly startedMs: number;
  /** It answers requests now. */
  isServing: boolean;
  isEnding: boolean;
  blame: Blame | undefined;
  /** When it was taken out of the EndpointSlices' sight or ended. */
  endedMs: number | undefined;
}

const KUBELET = 'kubelet';

/** How soon the kubelet looks again for config that is missing. */
const RETRY_MS = 1000;

interface Source {
  readonly resource: Resource;
  readonly name: string;
}

/** The kubelet and the pods on it. */
export class Pods {
  readonly all = new Map<string, Pod>();
  readonly gone = new Map<string, Pod>();
  /** Told when a pod begins or ends to answer. */
  readonly listeners: ((pod: Pod) => void)[] = [];
  private readonly server: ApiServer;
  private readonly random: Random;
  private count = 0;
  /** How long a pod that is told to end goes on answering, in ms; 0: it exits at once on SIGTERM. */
  graceMs: number;

  constructor(server: ApiServer, random: Random, graceMs: number) {
    this.server = server;
    this.random = random;
    this.graceMs = graceMs;
  }

  start(set: KubeObject, template: Readonly<Record<string, unknown>>): Pod {
    const name = `${set.metadata.name}-${(++this.count).toString(36).padStart(3, '0')}`;
    const labels: Record<string, string> = {
      ...labelsOf(template),
      'pod-template-hash': set.metadata.labels?.['pod-template-hash'] ?? '',
    };
    const pod: Pod = {
      name,
      revision: labels[Labels.revision] ?? '',
      tag: tagOf(template),
      startedMs: this.server.timeline.now,
      isServing: false,
      isEnding: false,
      blame: undefined,
      endedMs: undefined,
    };
    this.all.set(name, pod);
    this.server.create(
      { actor: KUBELET, verb: 'create', resource: resources.pods },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { namespace: NAMESPACE, name, labels, finalizers: [KUBELET], ...ownedBy(set) },
        status: { phase: 'Pending', conditions: [{ type: 'Ready', status: 'False' }] },
      },
    );
    const { startMs, complaint } = behaviourOf(pod.tag, this.random);
    this.server.timeline.after(startMs, () => {
      if (complaint) this.complain(pod, complaint);
      else this.serveWith(pod, sourcesOf(template));
    });
    return pod;
  }

  /** SIGTERM, and the end of it. */
  end(pod: Pod, blame: Blame, graceMs = blame === 'headway' ? this.graceMs : 3000): void {
    if (pod.isEnding) return;
    pod.isEnding = true;
    pod.blame = blame;
    const { timeline } = this.server;
    const key = `${NAMESPACE}/${pod.name}`;
    if (this.server.get(resources.pods, key)) {
      this.server.delete({ actor: KUBELET, verb: 'delete', resource: resources.pods }, key);
    }
    timeline.after(graceMs, () => this.stop(pod));
    timeline.after(graceMs + this.random.int(5, 400), () => {
      this.all.delete(pod.name);
      this.gone.set(pod.name, pod);
      this.patch(pod, (object) => ({ ...object, metadata: { ...object.metadata, finalizers: [] } }));
    });
  }

  /** It dies without having been asked. */
  crash(pod: Pod): void {
    pod.blame = 'others';
    this.stop(pod);
    this.setReady(pod, false);
    const { startMs, complaint } = behaviourOf(pod.tag, this.random);
    if (complaint === undefined) this.server.timeline.after(startMs + 500, () => this.serve(pod));
  }

  /** A container is not made before all is there that it reads from. */
  private serveWith(pod: Pod, sources: readonly Source[]): void {
    const missing = sources.find(({ resource, name }) => !this.server.get(resource, `${NAMESPACE}/${name}`));
    if (!missing) {
      this.serve(pod);
      return;
    }
    if (pod.isEnding) return;
    const { resource, name } = missing;
    this.complain(pod, 'CreateContainerConfigError', `${resource.kind.toLowerCase()} "${name}" not found`);
    this.server.timeline.after(RETRY_MS, () => this.serveWith(pod, sources));
  }

  private serve(pod: Pod): void {
    if (pod.isEnding || pod.isServing) return;
    pod.isServing = true;
    pod.blame = undefined;
    pod.endedMs = undefined;
    for (const listener of this.listeners) listener(pod);
    this.setReady(pod, true);
  }

  private stop(pod: Pod): void {
    if (!pod.isServing) return;
    pod.isServing = false;
    pod.endedMs = this.server.timeline.now;
    for (const listener of this.listeners) listener(pod);
  }

  private complain(pod: Pod, reason: string, message?: string): void {
    this.patch(pod, (object) => ({
      ...object,
      status: {
        phase: 'Pending',
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [{ state: { waiting: { reason, ...(message && { message }) } } }],
      },
    }));
  }

  private setReady(pod: Pod, isReady: boolean): void {
    this.patch(pod, (object) => ({
      ...object,
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
    }));
  }

  private patch(pod: Pod, make: (object: KubeObject) => KubeObject): void {
    this.server.change(
      { actor: KUBELET, verb: 'update', resource: resources.pods },
      `${NAMESPACE}/${pod.name}`,
      make,
    );
  }
}

/** What the pods of a template read from. */
export function sourcesOf(template: Readonly<Record<string, unknown>>): Source[] {
  const envFrom = containerOf(template)['envFrom'];
  return (Array.isArray(envFrom) ? envFrom : []).flatMap(({ configMapRef, secretRef }) => [
    ...(configMapRef ? [{ resource: resources.configMaps, name: String(configMapRef.name) }] : []),
    ...(secretRef ? [{ resource: resources.secrets, name: String(secretRef.name) }] : []),
  ]);
}

/** Whether the API server shows a pod as ready and not about to end. */
export function isReady(pod: KubeObject): boolean {
  const status = pod['status'] as { conditions?: { type: string; status: string }[] } | undefined;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && pod.metadata.deletionTimestamp === undefined;
}

/** Ready pods that a Service's selector finds now, whatever its EndpointSlices say. */
export function readyPodsOf(server: ApiServer, service: KubeObject): number {
  const selector = selectorOf(service);
  return server
    .list(resources.pods)
    .filter((pod) => selects(selector, pod.metadata.labels ?? {}) && isReady(pod)).length;
}
