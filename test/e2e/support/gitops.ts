// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import type { AppliedObject } from '../../../operator/kube/client.ts';
import { isConflict } from '../../../operator/kube/errors.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { type Resource, resources } from '../../../operator/kube/resources.ts';
import { sentBy, type ToolName } from '../../gitops/tools.ts';
import { rolloutObject, shopObjects, type SpecInput } from './objects.ts';
import type { Story } from './story.ts';
import { waitFor } from './wait.ts';
import { admin } from './world.ts';

const everyMs = 2_000;

const resourceOfKind: Readonly<Record<string, Resource>> = {
  Deployment: resources.deployments,
  Service: resources.services,
  Ingress: resources.ingresses,
  HTTPRoute: resources.httpRoutes,
  Canary: resources.canaries,
  BlueGreen: resources.blueGreens,
};

/** A tool that applies what is in Git again and again, and takes every field that it sends. */
export class Sync {
  /** Rounds in which every object was applied. */
  rounds = 0;
  /** What was applied last, by kind. */
  readonly applied = new Map<string, KubeObject>();
  private round = 0;
  private version: string;
  private readonly story: Story;
  private readonly spec: SpecInput;
  private readonly tool: ToolName;
  private readonly ended = new AbortController();
  private readonly loop: Promise<void>;

  constructor(tool: ToolName, story: Story, git: { version: string; spec: SpecInput }) {
    this.tool = tool;
    this.story = story;
    this.version = git.version;
    this.spec = git.spec;
    this.loop = this.run();
    // told by stop, which every story calls
    this.loop.catch(() => undefined);
  }

  /** Somebody commits another version; the tool does the rest. */
  commit(version: string): void {
    this.version = version;
  }

  /** Resolves when so many more rounds have been made. */
  async untilRounds(more: number): Promise<void> {
    const wanted = this.rounds + more;
    await waitFor({
      what: `${more} rounds of ${this.tool}`,
      withinMs: (more + 5) * everyMs * 3,
      probe: async () => (this.rounds >= wanted || this.ended.signal.aborted ? true : undefined),
    });
  }

  /** Ends it, and throws what a round has thrown. */
  async stop(): Promise<void> {
    this.ended.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { signal } = this.ended;
    while (!signal.aborted) {
      if (await this.applyAll()) this.rounds++;
      await delay(everyMs);
    }
  }

  private async applyAll(): Promise<boolean> {
    const { kind, namespace, mode, replicas, exit } = this.story;
    const git = [
      ...shopObjects({ namespace, mode, version: this.version, replicas, exit }),
      rolloutObject(kind, { namespace, mode, spec: this.spec }),
    ] as KubeObject[];
    this.round++;
    let isWhole = true;
    for (const object of git) isWhole = (await this.apply(object)) && isWhole;
    return isWhole;
  }

  /** False: somebody has written since it was read. A tool would overwrite that, which is not what is told here. */
  private async apply(git: KubeObject): Promise<boolean> {
    const resource = resourceOfKind[git.kind];
    if (!resource) throw new Error(`a story has no ${git.kind} in Git`);
    const options = { fieldManager: this.tool, force: true };
    const { name = '' } = git.metadata;
    const live = await admin().get(resource, { namespace: this.story.namespace, name });
    const would = await admin().apply(resource, named(git), { ...options, dryRun: true });
    const sent = sentBy(this.tool, { git, live, would, round: this.round });
    const { resourceVersion = '' } = live.metadata;
    const asRead = { ...sent, metadata: { ...sent.metadata, resourceVersion } };
    try {
      await admin().apply(resource, named(asRead), options);
      this.applied.set(git.kind, sent);
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }
}

function named({ metadata, ...object }: KubeObject): AppliedObject {
  const { name = '', ...rest } = metadata;
  return { ...object, metadata: { name, ...rest } };
}
