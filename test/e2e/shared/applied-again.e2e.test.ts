// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { EventReasons } from '../../../operator/api/reasons.ts';
import type { RolloutKind } from '../../../operator/engine/rollout/rollout.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { auditLogPath } from '../../cluster/faults.ts';
import { type ToolName, tracksOf } from '../../gitops/tools.ts';
import { inNamespace, readAudit } from '../audit/log.ts';
import { ask, isAt, isPreviewed, isPromoted, readStatus, until } from '../support/acts.ts';
import { Sync } from '../support/gitops.ts';
import { kubectl } from '../support/kubectl.ts';
import type { Mode, SpecInput } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import { firstVersion, type Story } from '../support/story.ts';
import { waitFor } from '../support/wait.ts';
import { admin, clusterName, operatorUser } from '../support/world.ts';

interface Told {
  readonly kind: RolloutKind;
  readonly spec: SpecInput;
  /** Where it waits for a person. */
  readonly rests: (status: RolloutStatus) => boolean;
  /** Weights on its way. */
  readonly weights: readonly number[];
}

const canary: Told = {
  kind: 'Canary',
  spec: { steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: { duration: '6s' } }] },
  rests: isAt(1, 25),
  weights: [25, 50],
};

/** By a plain Service: the tool has its selector in Git, and Headway turns it. */
const blueGreen: Told = {
  kind: 'BlueGreen',
  spec: { autoPromote: false },
  rests: isPreviewed('1.1.0'),
  weights: [],
};

interface Quiet {
  readonly fromMs: number;
  readonly toMs: number;
}

/** While nothing of the release moves, by namespace. */
const quiet = new Map<string, Quiet>();

/** A GitOps tool makes the release, and goes on applying what is in Git through all of it, with the rules of docs/gitops.md. */
function tell(
  tool: ToolName,
  title: string,
  { kind, spec, rests, weights }: Told,
  modes: readonly Mode[],
): void {
  tellStory({
    title,
    kind,
    modes,
    spec: () => spec,
    body: async (story) => {
      const sync = new Sync(tool, story, { version: firstVersion, spec });
      try {
        await sync.untilRounds(2);
        sync.commit('1.1.0');
        await until(story, '1.1.0 to wait for a person', rests);
        await expectNoTracks(story);
        await untilRoomIsMade(story);
        // one round more than needed: the status of the step may still be on its way
        await sync.untilRounds(1);
        const fromMs = Date.now();
        await sync.untilRounds(4);
        quiet.set(story.namespace, { fromMs, toMs: Date.now() });
        await ask(story, 'promote');
        await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
        await sync.untilRounds(2);
      } finally {
        await sync.stop();
      }
      story.usersRoute = asMarked(story.usersRoute, sync.applied.get('HTTPRoute'));
      story.notes.push(`${sync.rounds} rounds of ${tool}`);
      expect((await readStatus(story.namespace, story.kind)).fights).toBeUndefined();
    },
    epilogue: async (story, { audit }) => {
      expect(await fightsTold(story)).toEqual([]);
      expect(audit.weights.map(({ weight }) => weight)).toEqual(expect.arrayContaining([...weights]));
      expect(await writesInQuiet(story)).toEqual([]);
    },
  });
}

tell('argocd-controller', 'applied again by argo cd', canary, ['gateway', 'ratio']);
tell('kustomize-controller', 'applied again by flux', canary, ['gateway', 'route']);
tell('argocd-controller', 'blue-green applied again by argo cd', blueGreen, ['ratio']);
tell('kustomize-controller', 'blue-green applied again by flux', blueGreen, ['gateway']);

/** The route that has to come back: the user's, with the marks that the tool put on it last. */
function asMarked(route: KubeObject | undefined, applied: KubeObject | undefined): KubeObject | undefined {
  if (!route || !applied) return route;
  const { labels = {}, annotations = {} } = applied.metadata;
  return { ...route, metadata: { ...route.metadata, labels, annotations } };
}

/** By the ratio of pods those that make room for the canary drain first, and then go. */
async function untilRoomIsMade({ kind, title, namespace, mode, replicas }: Story): Promise<void> {
  if (mode !== 'ratio' || kind !== 'Canary') return;
  const selection = [`--namespace=${namespace}`, '--selector=app.kubernetes.io/managed-by=headway'];
  const read = () =>
    kubectl(['get', 'deployments', ...selection, '--output=jsonpath={.items[*].spec.replicas}']);
  await waitFor({
    what: `${title} (${mode}): ${replicas} pods in all`,
    withinMs: 120_000,
    probe: async () => (sum((await read()).split(' ').map(Number)) === replicas ? true : undefined),
    explain: read,
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

/** Copies of what the tool tracks would be taken for its own, and pruned. */
async function expectNoTracks({ namespace }: Story): Promise<void> {
  const selection = { namespace, labelSelector: 'app.kubernetes.io/managed-by=headway' };
  const kinds = [resources.deployments, resources.services, resources.ingresses];
  const lists = await Promise.all(kinds.map((resource) => admin().list(resource, selection)));
  const made = lists.flatMap(({ items }) => items);
  expect(made.length).toBeGreaterThan(0);
  expect(made.flatMap(tracksOf)).toEqual([]);
}

async function fightsTold({ namespace }: Story): Promise<string[]> {
  const { items } = await admin().list(resources.events, { namespace });
  const fights: string[] = [EventReasons.TrafficOverwritten, EventReasons.Contended];
  return items
    .filter((event) => fights.includes(String(event['reason'])))
    .map((event) => String(event['note']));
}

/** What the operator wrote while only the tool did anything. */
async function writesInQuiet({ namespace }: Story): Promise<string[]> {
  const { fromMs = 0, toMs = 0 } = quiet.get(namespace) ?? {};
  const writes = await readAudit(auditLogPath(clusterName()), inNamespace(namespace));
  const all = writes.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  // the tool's own are there too, or the log says nothing
  expect(all.filter(({ user }) => user !== operatorUser).length).toBeGreaterThan(0);
  return all
    .filter(({ user }) => user === operatorUser)
    .map(({ verb, resource, subresource, name }) => `${verb} ${resource}/${name} ${subresource}`.trimEnd());
}
