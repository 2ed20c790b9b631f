// SPDX-License-Identifier: Apache-2.0
import { canaryServiceName } from '../../../operator/engine/rollout/names.ts';
import type { Path } from '../../manifests/offsets.ts';
import { boundedDuration } from '../durations.ts';
import { within } from '../pods.ts';
import { convertAnalysis } from './analysis.ts';
import type { RolloutContext } from './rollout.ts';
import { convertSteps } from './steps.ts';
import { convertTraffic } from './traffic.ts';

const CANARY: Path = ['spec', 'strategy', 'canary'];

/** `spec.strategy.canary` of a Rollout. */
export function convertCanary(context: RolloutContext): void {
  const { ledger, draft } = context;
  const service = convertServices(context);
  const canaryService = ledger.text(...CANARY, 'canaryService');
  const traffic = convertTraffic({ ledger, draft, service, canaryService });
  const starts = convertSteps({ ...context, ...traffic, replicas: replicasOf(context) });
  convertBackground(context, starts);
  convertDelays(context);
  for (const [field, why] of Object.entries(DROPPED)) ledger.dropped([...CANARY, field], why);
  if (ledger.keys(...CANARY).length === 0)
    ledger.changed(CANARY, draft.place(['spec', 'steps']), 'it has no steps');
}

const DROPPED: Readonly<Record<string, string>> = {
  maxSurge: 'pods of the new version come before those of the old one leave',
  maxUnavailable: 'no pod that serves is ended before another one serves in its place',
  antiAffinity: 'say it in the pod template',
  canaryMetadata: 'pods never change their labels; headway.dev/revision tells them apart',
  stableMetadata: 'pods never change their labels; headway.dev/revision tells them apart',
  scaleDownDelayRevisionLimit: 'at most one old revision is kept warm',
  abortScaleDownDelaySeconds: 'scaleDownDelay holds after a rollback too',
  dynamicStableScale:
    'with traffic the old version keeps all of its pods until the promotion, so that a rollback is one write',
  minPodsPerReplicaSet: 'a canary has the pods of its weight; replicas of a step says another number',
};

/** The Service where clients are. */
function convertServices({ ledger, draft, services }: RolloutContext): string {
  const stable = ledger.text(...CANARY, 'stableService');
  const ping = ledger.text(...CANARY, 'pingPong', 'pingService');
  const service = stable ?? ping ?? services[0] ?? ledger.source.name;
  const place = draft.set(['spec', 'service', 'name'], service);
  ledger.kept([...CANARY, 'stableService'], place);
  if (ping !== undefined) {
    ledger.changed(
      [...CANARY, 'pingPong', 'pingService'],
      place,
      'clients have one Service, and the canary another',
    );
    ledger.dropped([...CANARY, 'pingPong', 'pongService'], 'Headway makes the Service of the canary');
  }
  if (stable === undefined)
    draft.look(['spec', 'service'], whyGuessed(service, services, ping !== undefined));
  noteCanaryService(service, { ledger, draft });
  return service;
}

function whyGuessed(service: string, services: readonly string[], isPing: boolean): string {
  if (isPing) return `let clients and routes lead to Service ${service} alone.`;
  if (services.length === 1) return `Service ${service} finds these pods; is it the one that clients ask?`;
  const others = services.length > 1 ? ` These find the pods: ${services.join(', ')}.` : '';
  return `the Rollout did not say which Service clients ask; ${service} is a guess.${others}`;
}

function noteCanaryService(
  service: string,
  { ledger, draft }: Pick<RolloutContext, 'ledger' | 'draft'>,
): void {
  const canaryService = ledger.text(...CANARY, 'canaryService');
  const ours = canaryServiceName(service);
  ledger.dropped([...CANARY, 'canaryService'], `Headway makes the Service of the canary, ${ours}`);
  if (canaryService === ours) {
    draft.look(
      ['spec', 'service'],
      `delete Service ${ours} before you apply this: Headway makes one of that name, and takes none that somebody else made.`,
    );
  }
}

function replicasOf({ workshop, ledger }: RolloutContext): number | undefined {
  const own = ledger.number('spec', 'replicas');
  if (own !== undefined) return own;
  if (!ledger.has('spec', 'workloadRef')) return 1;
  const target = workshop.find(ledger.source, 'Deployment', ledger.text('spec', 'workloadRef', 'name'));
  const found = within(target?.value, 'spec', 'replicas');
  return typeof found === 'number' ? found : undefined;
}

function convertBackground(context: RolloutContext, starts: readonly number[]): void {
  const { ledger, draft } = context;
  const from = [...CANARY, 'analysis'];
  if (!ledger.has(...from)) return;
  const steps = draft.get(['spec', 'steps']) as readonly { readonly setWeight?: number }[];
  const hasTraffic = steps.some(({ setWeight = 0 }) => setWeight > 0);
  const isMade =
    hasTraffic && convertAnalysis(context, { from, to: ['spec', 'analysis'], slot: 'background' });
  if (!isMade) {
    const why = hasTraffic ? 'nothing of it could be converted' : 'no step gives the canary traffic to judge';
    ledger.dropped(from, why);
    draft.look(
      ['spec', 'steps'],
      `the analysis beside the steps is missing: ${why}. Nothing judges the canary all the time.`,
    );
    return;
  }
  const theirs = ledger.number(...from, 'startingStep');
  if (theirs === undefined) return;
  const ours = Math.min(steps.length - 1, starts[theirs] ?? steps.length - 1);
  const place = draft.set(['spec', 'analysis', 'startingStep'], ours);
  if (ours === theirs) ledger.kept([...from, 'startingStep'], place);
  else ledger.changed([...from, 'startingStep'], place, 'the index of the same step here');
}

function convertDelays({ ledger, draft }: RolloutContext): void {
  const path = [...CANARY, 'scaleDownDelaySeconds'];
  const seconds = ledger.number(...path);
  if (seconds === undefined) return;
  const { text, why } = boundedDuration(seconds * 1000, { min: '0s', max: '24h' });
  ledger.changed(path, draft.set(['spec', 'scaleDownDelay'], text), why ?? 'a duration');
}
