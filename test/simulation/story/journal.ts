// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { Labels } from '../../../operator/api/group.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import type { Change } from '../api/server.ts';
import { isEqual } from '../api/json.ts';
import { replicasOf, selectorOf, specOf, tagOf, templateOf } from '../cluster/objects.ts';
import { actionPercent } from '../cluster/actions.ts';
import { readRoute } from '../cluster/http-routes.ts';
import { weightOf } from '../rules/route-rules.ts';
import type { World } from '../world.ts';
import { statusOf } from './kinds.ts';
import { clockText } from './story.ts';

/** Tells a story line by line: who wrote what, what the status says, and where the requests go. */
export class Journal {
  readonly lines: string[] = [];
  private readonly world: World;
  /** Versions of revisions, for people: their hashes say nothing. */
  private readonly tags = new Map<string, string>();
  private said = '';
  private traffic = '';

  constructor(world: World) {
    this.world = world;
    world.server.listeners.push((change) => this.hear(change));
    world.dataPlane.listeners.push(() => this.tellTraffic());
  }

  tell(who: string, what: string): void {
    const named = [...this.tags].reduce((text, [hash, tag]) => text.replaceAll(hash, tag), what);
    this.lines.push(`${clockText(this.world.sinceMs)}  ${who.padEnd(9)}  ${named}`);
  }

  private hear(change: Change): void {
    const { write, after } = change;
    const revision = after?.metadata.labels?.[Labels.revision];
    if (write.resource === resources.deployments && after && revision)
      this.tags.set(revision, tagOf(templateOf(after)));
    if (
      this.world.startMs === 0 ||
      !/^(headway|user|rival)/.test(write.actor) ||
      write.resource === resources.leases
    )
      return;
    if (write.subresource === 'status' && write.resource === this.world.resource)
      return this.tellStatus(change);
    this.tell(write.actor, textOf(change));
  }

  private tellStatus({ write, after }: Change): void {
    const { phase, message, step, weight } = statusOf(after) ?? ({} as Partial<RolloutStatus>);
    const weights = weight ? `, weight ${weight.desired}% asked, ${weight.observed}% observed` : '';
    const text = `says ${phase}${step ? `, step ${step.position}` : ''}${weights}: ${this.withoutTimes(message ?? '')}`;
    if (text === this.said) return;
    this.said = text;
    this.tell(write.actor, text);
  }

  /** Counts and times of measurements change all the time and tell no story. */
  private withoutTimes(message: string): string {
    return message.replaceAll(/\d\d:\d\d:\d\d(\.\d+)?/g, '…').replaceAll(/\(\d+(\.\d+)? s\)/g, '(… s)');
  }

  private tellTraffic(): void {
    if (this.world.startMs === 0) return;
    const { shares, nowhere } = this.world.dataPlane.served;
    const byTag = new Map<string, number>();
    for (const [name, share] of shares) {
      const pod = this.world.pods.all.get(name) ?? this.world.pods.gone.get(name);
      const label = pod?.revision ? pod.tag : `${pod?.tag} (own pods)`;
      byTag.set(label, (byTag.get(label) ?? 0) + 100 * share);
    }
    const parts = [...byTag]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([tag, percent]) => `${Math.round(percent)}% ${tag}`);
    const text = [...parts, ...nowhere.map((service) => `${service}: no pod`)].join(', ');
    if (text === this.traffic) return;
    this.traffic = text;
    this.tell('requests', text);
  }
}

function textOf({ write, key, before, after }: Change): string {
  const { kind } = write.resource;
  const object = `${kind} ${key.slice(key.indexOf('/') + 1)}`;
  if (!after) return `${object}: gone`;
  if (!before) return `${object}: made${detailOf(kind, undefined, after)}`;
  if (after.metadata.deletionTimestamp && !before.metadata.deletionTimestamp) return `${object}: deleted`;
  return `${object}:${detailOf(kind, before, after) || ' changed'}`;
}

function detailOf(kind: string, before: KubeObject | undefined, after: KubeObject): string {
  switch (kind) {
    case 'Deployment':
      return deploymentText(before, after);
    case 'Service': {
      const { app: _app, ...pins } = selectorOf(after);
      const names = Object.entries(pins).map(([key, value]) => `${key.slice(key.indexOf('/') + 1)}=${value}`);
      return ` names ${names.join(', ') || 'all pods of the app'}`;
    }
    case 'HTTPRoute':
      return routeText(after);
    case 'Ingress':
      return ` weight ${actionPercent(after) ?? weightOf(after)}`;
    case 'Canary':
    case 'BlueGreen':
      return rolloutText(before, after);
    default:
      return '';
  }
}

function deploymentText(before: KubeObject | undefined, after: KubeObject): string {
  const tags = [before && tagOf(templateOf(before)), tagOf(templateOf(after))];
  const template = tags[0] === tags[1] ? '' : ` version ${tags[1]}`;
  const isScaled = before === undefined || replicasOf(before) !== replicasOf(after);
  return `${template}${isScaled ? ` replicas ${replicasOf(after)}` : ''}`;
}

function routeText(route: KubeObject): string {
  const { weights, isChosen } = readRoute(route);
  const texts = [...weights].map(([service, weight]) => `${service} ${weight}`);
  return ` weights ${texts.join(', ')}${isChosen ? '; chosen requests to the canary' : ''}`;
}

function rolloutText(before: KubeObject | undefined, after: KubeObject): string {
  const [had, has] = [before?.metadata.finalizers ?? [], after.metadata.finalizers ?? []];
  if (had.length < has.length) return ` finalizer ${has.join(', ')}`;
  if (had.length > has.length) return ' finalizer removed';
  const annotations = Object.entries(after.metadata.annotations ?? {});
  const changed = annotations.filter(([key, value]) => before?.metadata.annotations?.[key] !== value);
  if (changed.length > 0) return ` ${changed.map(([key, value]) => `${key}=${value}`).join(', ')}`;
  return specText(before, after);
}

function specText(before: KubeObject | undefined, after: KubeObject): string {
  if (isEqual(before?.['spec'], after['spec'])) return '';
  const { replicas } = specOf(after);
  return before && specOf(before)['replicas'] !== replicas ? ` replicas ${replicas}` : ' spec changed';
}
