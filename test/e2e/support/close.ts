// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { Annotations } from '../../../operator/api/group.ts';
import { Reasons } from '../../../operator/api/reasons.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { isNotFound } from '../../../operator/kube/errors.ts';
import { canaryIngressName } from '../../../operator/providers/traffic/ingress/canary-ingress.ts';
import type { Summary } from '../../apps/load-lines.ts';
import { auditLogPath } from '../../cluster/faults.ts';
import { type AuditReport, checkAudit } from '../audit/check.ts';
import { missingBeginning } from '../audit/beginning.ts';
import { inNamespace, readAudit } from '../audit/log.ts';
import type { AuditScope } from '../audit/rules.ts';
import type { AuditRoute } from '../audit/state.ts';
import type { RolloutKind } from '../../../operator/engine/rollout/rollout.ts';
import { readRollout } from './acts.ts';
import { canaryServiceOf, resourceOf } from './kinds.ts';
import { scaleDownDelaySeconds, shop } from './objects.ts';
import type { StoryRecord } from './report.ts';
import type { Story } from './story.ts';
import { waitFor } from './wait.ts';
import { admin, clusterName } from './world.ts';

/** What a story comes to: the requests, and the operator's writes held to the rules. */
export interface Ending {
  summary: Summary;
  audit: AuditReport;
}

/** Long enough that a loss which the last write causes is still seen. */
const lingerMs = 3_000;

/** Ends the load and reads the audit log. `weights` are those of the steps. */
export async function endStory(story: Story, weights: readonly number[]): Promise<Ending> {
  await delay(lingerMs);
  const summary = await story.load.stop();
  return { summary, audit: await auditStory(story, weights) };
}

export async function auditStory(story: Story, weights: readonly number[]): Promise<AuditReport> {
  const writes = await readAudit(auditLogPath(clusterName()), inNamespace(story.namespace));
  const scope = scopeOf(story, weights);
  const report = checkAudit(scope, writes);
  return { ...report, violations: [...missingBeginning(scope, writes), ...report.violations] };
}

/** Where the log shows the weight. */
function routeOf({ mode, ownRoute }: Story): AuditRoute | undefined {
  switch (mode) {
    case 'route':
      return { resource: 'ingresses', name: canaryIngressName(shop), owned: true };
    case 'gateway':
      return { resource: 'httproutes', name: shop, owned: ownRoute };
    case 'traefik':
      return { resource: 'traefikservices', name: shop, owned: false };
    case 'ratio':
      return undefined;
  }
}

function scopeOf(story: Story, weights: readonly number[]): AuditScope {
  const { kind, namespace, operatorUser, mayJump, serverStartsMs } = story;
  const route = routeOf(story);
  return {
    operator: operatorUser,
    namespace,
    canary: shop,
    names: {
      target: shop,
      service: shop,
      canaryService: canaryServiceOf(kind, shop),
      ...(route ? { route } : {}),
      grpcRoutes: story.besides
        .filter(({ kind }) => kind === 'GRPCRoute')
        .map(({ metadata }) => metadata.name),
    },
    weights,
    scaleDownDelayMs: scaleDownDelaySeconds * 1000,
    mayJump,
    serverStartsMs,
  };
}

/** The row of the report. */
export function recordOf(
  story: Story,
  { summary, audit }: Ending,
  outcome: StoryRecord['outcome'],
): StoryRecord {
  const { writes, statusWrites, idleWrites, violations } = audit;
  return {
    story: `${story.title} (${story.mode})`,
    outcome,
    seconds: (Date.now() - story.startedAtMs) / 1_000,
    sent: summary.sent,
    lost: summary.lostTotal,
    lostBy: Object.fromEntries(Object.entries(summary.lost).filter(([, count]) => count > 0)),
    versions: summary.byVersion,
    badAnswers: Object.values(summary.appErrors).reduce((sum, count) => sum + count, 0),
    writes,
    statusWrites,
    idleWrites,
    violations,
    notes: story.notes,
  };
}

/** Deletes the Canary or BlueGreen, then the namespace; the operator that serves it must run. */
export async function removeStory(story: Pick<Story, 'namespace' | 'kind'>): Promise<void> {
  await removeRollout(story);
  await admin().delete(resources.namespaces, { name: story.namespace });
}

/** Deletes the Canary or BlueGreen and waits until it is gone; the operator that serves it must run. */
export async function removeRollout(
  { namespace, kind }: Pick<Story, 'namespace' | 'kind'>,
  withinMs = 180_000,
): Promise<void> {
  try {
    await admin().delete(resourceOf(kind), { namespace, name: shop });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  await waitFor({
    what: `${kind} ${namespace}/${shop} to be gone`,
    withinMs,
    probe: () => overruleOrGone(namespace, kind),
  });
}

/** True when it is gone. A deletion that is held for what was rolled back is let go: the story is over. */
async function overruleOrGone(namespace: string, kind: RolloutKind): Promise<true | undefined> {
  const rollout = await readRollout(namespace, kind);
  if (!rollout) return true;
  const { allowedActions = [], canary: refused } = rollout.status ?? {};
  const verb = allowedActions.find((allowed) => allowed === 'promote-full' || allowed === 'admit');
  const isHeld = rollout.status?.conditions?.some(({ reason }) => reason === Reasons.DeletionHeld);
  if (!isHeld || verb === undefined) return undefined;
  const annotations = { [Annotations.action]: `${verb}/${refused?.revision ?? ''}/end-of-story` };
  const change = { patch: { metadata: { annotations } }, fieldManager: 'person' };
  await admin().mergePatch(resourceOf(kind), { namespace, name: shop }, change);
  return undefined;
}
