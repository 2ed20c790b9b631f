// SPDX-License-Identifier: Apache-2.0
import type { Manifest } from '../../manifests/manifests.ts';
import type { Path } from '../../manifests/offsets.ts';
import { convertAutoscalers } from '../autoscalers.ts';
import type { Draft } from '../draft.ts';
import { boundedDuration, goDurationMs } from '../durations.ts';
import type { Ledger } from '../ledger.ts';
import { convertMetadata } from '../metadata.ts';
import type { Workshop } from '../workshop.ts';
import { convertMatch } from './match.ts';
import { convertMetrics } from './metrics.ts';
import { convertService } from './service.ts';
import { convertTraffic, type MadeTraffic } from './traffic.ts';
import { convertWeights } from './weights.ts';
import { convertWebhooks, type Hooks } from './webhooks.ts';

export interface FlaggerContext {
  readonly workshop: Workshop;
  readonly ledger: Ledger;
  /** The Canary or BlueGreen. */
  readonly draft: Draft;
  /** The Service where clients are. */
  readonly service: string;
  /** `spec.analysis`, or `spec.canaryAnalysis` of old. */
  readonly analysis: Path;
  /** How often Flagger looks. */
  readonly intervalMs: number;
  readonly hooks: Hooks;
}

export function isFlaggerCanary({ apiVersion, kind }: Manifest): boolean {
  return apiVersion.startsWith('flagger.app/') && kind === 'Canary';
}

/** By steps, by chosen requests, or in one move. */
type Way = 'weights' | 'requests' | 'one move';

/** Flagger's own bounds: a minute where nothing is said, and never less than 10 s. */
const DEFAULT_INTERVAL_MS = 60_000;
const LEAST_INTERVAL_MS = 10_000;

/** A Canary of Flagger as a Canary or a BlueGreen, with the Service that Flagger made for it. */
export function convertFlagger(workshop: Workshop, source: Manifest): void {
  const ledger = workshop.ledgerOf(source);
  const kind = ledger.text('spec', 'targetRef', 'kind') ?? 'Deployment';
  if (kind !== 'Deployment') {
    return workshop.refuse(source, `it releases a ${kind}, and a Deployment is released here`);
  }
  const analysis: Path = ['spec', ledger.has('spec', 'analysis') ? 'analysis' : 'canaryAnalysis'];
  const way = wayOf(ledger, analysis);
  const draft = workshop.draft(way === 'one move' ? 'BlueGreen' : 'Canary', source);
  const target = ledger.text('spec', 'targetRef', 'name') ?? source.name;
  draft.set(['spec', 'targetRef'], { kind: 'Deployment', name: target });
  for (const field of ['kind', 'name'])
    ledger.kept(['spec', 'targetRef', field], draft.place(['spec', 'targetRef', field]));
  ledger.dropped(['spec', 'targetRef', 'apiVersion'], 'it is apps/v1');
  convertMetadata(ledger, [draft]);
  const written = goDurationMs(ledger.value(...analysis, 'interval')) ?? DEFAULT_INTERVAL_MS;
  const context: FlaggerContext = {
    workshop,
    ledger,
    draft,
    service: ledger.text('spec', 'service', 'name') ?? target,
    analysis,
    intervalMs: Math.max(LEAST_INTERVAL_MS, written),
    hooks: convertWebhooks(ledger, draft, analysis),
  };
  convertService(context);
  const traffic = convertTraffic(context);
  convertWay(context, way, traffic);
  convertRest(context);
  convertScaler(context, target);
}

function wayOf(ledger: Ledger, analysis: Path): Way {
  const iterations = ledger.number(...analysis, 'iterations') ?? 0;
  if (iterations === 0) return 'weights';
  return ledger.list(...analysis, 'match').length > 0 ? 'requests' : 'one move';
}

function convertWay(context: FlaggerContext, way: Way, traffic: MadeTraffic): void {
  const { ledger, draft, analysis } = context;
  const checks =
    ledger.value('spec', 'skipAnalysis') === true ? skipChecks(context) : convertMetrics(context, traffic);
  if (way === 'weights') {
    convertWeights(context);
    if (checks.length > 0) draft.set(['spec', 'analysis', 'checks'], checks);
    ledger.dropped([...analysis, 'match'], 'Flagger looks at it with iterations alone');
    return;
  }
  const duration = durationOfIterations(context);
  if (way === 'requests') convertRequests(context, { checks, duration, traffic });
  else convertOneMove(context, checks, duration);
  for (const field of ['maxWeight', 'stepWeight', 'stepWeights', 'stepWeightPromotion']) {
    ledger.dropped([...analysis, field], 'with iterations Flagger moves no weight');
  }
}

function skipChecks({ ledger, analysis }: FlaggerContext): readonly object[] {
  for (const field of ['metrics', 'threshold']) ledger.dropped([...analysis, field], 'skipAnalysis is true');
  return [];
}

/** So many looks, one interval after the other. */
function durationOfIterations({ ledger, analysis, intervalMs }: FlaggerContext): string {
  const iterations = ledger.number(...analysis, 'iterations') ?? 1;
  return boundedDuration(iterations * intervalMs, { min: '1s', max: '168h' }).text;
}

function convertRequests(
  context: FlaggerContext,
  { checks, duration, traffic }: { checks: readonly object[]; duration: string; traffic: MadeTraffic },
): void {
  const { ledger, draft, analysis } = context;
  convertMatch(context, traffic);
  const judged = checks.length > 0 ? { analysis: { checks, duration } } : { pause: { duration } };
  const confirm = context.hooks.hasConfirmPromotion ? [{ pause: {} }] : [];
  draft.set(['spec', 'steps'], [{ setWeight: 0 }, judged, ...confirm]);
  const place = draft.place(['spec', 'steps', 1]);
  ledger.changed([...analysis, 'iterations'], place, 'so many intervals as a duration');
  ledger.changed([...analysis, 'interval'], place, 'iterations times interval is the duration');
}

function convertOneMove(
  { ledger, draft, analysis, hooks }: FlaggerContext,
  checks: readonly object[],
  duration: string,
): void {
  const path: Path = ['spec', checks.length > 0 ? 'prePromotion' : 'autoPromoteAfter'];
  if (checks.length > 0) {
    draft.set(path, { checks, duration });
    draft.look(
      path,
      'no client reaches the preview, so that metrics of requests have nothing to count and hold the release, unless somebody sends requests to the preview Service. A probe or a Job is what fits.',
    );
  } else if (!hooks.hasConfirmPromotion) draft.set(path, duration);
  if (hooks.hasConfirmPromotion) draft.set(['spec', 'autoPromote'], false);
  ledger.changed([...analysis, 'iterations'], draft.place(path), 'so many intervals as a duration');
  ledger.changed([...analysis, 'interval'], draft.place(path), 'iterations times interval is the duration');
}

function convertRest({ ledger, draft, analysis, hooks }: FlaggerContext): void {
  const seconds = ledger.number('spec', 'progressDeadlineSeconds');
  if (seconds !== undefined) {
    const { text, why } = boundedDuration(seconds * 1000, { min: '10s', max: '24h' });
    ledger.changed(
      ['spec', 'progressDeadlineSeconds'],
      draft.set(['spec', 'progressDeadline'], text),
      why ?? 'a duration',
    );
  }
  if (ledger.value('spec', 'suspend') === true)
    ledger.kept(['spec', 'suspend'], draft.set(['spec', 'suspend'], true));
  else ledger.dropped(['spec', 'suspend'], 'it is false');
  ledger.dropped(['spec', 'skipAnalysis'], 'checks are left out where it is true');
  ledger.dropped(
    ['spec', 'revertOnDeletion'],
    'a deletion always gives the Deployment, the Service and the route back',
  );
  ledger.dropped(['spec', 'metricsServer'], 'a MetricsProvider has the address');
  if (hooks.hasConfirmRollout) draft.set(['spec', 'releasePolicy'], 'Managed');
  for (const [field, why] of Object.entries(DROPPED)) ledger.dropped([...analysis, field], why);
}

const DROPPED: Readonly<Record<string, string>> = {
  mirror: 'requests are not mirrored',
  mirrorWeight: 'requests are not mirrored',
  primaryReadyThreshold: 'all pods are ready before the traffic moves',
  canaryReadyThreshold: 'all pods of a weight are ready before it moves',
  alerts: 'alert on the Events and metrics of the operator, or on the condition Ready',
  sessionAffinity: 'clients are not kept on a version; match sends chosen requests to the canary',
};

function convertScaler({ workshop, ledger, draft }: FlaggerContext, target: string): void {
  const path: Path = ['spec', 'autoscalerRef'];
  if (ledger.has(...path)) {
    const name = ledger.text(...path, 'name');
    for (const field of ['apiVersion', 'kind', 'name']) {
      ledger.changed(
        [...path, field],
        `${name} spec.scaleTargetRef`,
        `the autoscaler points at the ${draft.kind}`,
      );
    }
    ledger.dropped([...path, 'primaryScalerReplicas'], 'there is one autoscaler, for both versions');
    ledger.dropped([...path, 'primaryScalerQueries'], 'there is one autoscaler, for both versions');
    draft.look(
      ['spec', 'targetRef'],
      `when this is Healthy, point autoscaler ${name} at ${draft.kind} ${draft.name}: until then it finds nothing to scale there.`,
    );
  }
  convertAutoscalers(
    workshop,
    draft,
    ledger.source,
    ({ kind, name }) => kind === 'Deployment' && name === target,
  );
}
