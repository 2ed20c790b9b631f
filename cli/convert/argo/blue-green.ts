// SPDX-License-Identifier: Apache-2.0
import type { Path } from '../../manifests/offsets.ts';
import { boundedDuration } from '../durations.ts';
import { convertAnalysis } from './analysis.ts';
import type { RolloutContext } from './rollout.ts';

const BLUE_GREEN: Path = ['spec', 'strategy', 'blueGreen'];

/** `spec.strategy.blueGreen` of a Rollout. */
export function convertBlueGreen(context: RolloutContext): void {
  const { ledger } = context;
  convertServices(context);
  convertPromotion(context);
  convertJudges(context);
  convertDelay(context);
  for (const [field, why] of Object.entries(DROPPED)) ledger.dropped([...BLUE_GREEN, field], why);
}

const DROPPED: Readonly<Record<string, string>> = {
  maxUnavailable: 'all new pods are ready before the traffic moves',
  antiAffinity: 'say it in the pod template',
  activeMetadata: 'pods never change their labels; headway.dev/revision tells them apart',
  previewMetadata: 'pods never change their labels; headway.dev/revision tells them apart',
  scaleDownDelayRevisionLimit: 'at most one old revision is kept warm',
  abortScaleDownDelaySeconds:
    'scaleDownDelay holds for refused pods too; onFailure: Pause keeps them for a person to look at',
};

function convertServices({ ledger, draft, services }: RolloutContext): void {
  const active = ledger.text(...BLUE_GREEN, 'activeService');
  const place = draft.set(['spec', 'service', 'name'], active ?? services[0] ?? ledger.source.name);
  ledger.kept([...BLUE_GREEN, 'activeService'], place);
  if (active === undefined)
    draft.look(['spec', 'service'], 'the Rollout did not say which Service clients ask; this is a guess.');
  const preview = ledger.text(...BLUE_GREEN, 'previewService');
  if (preview === undefined) return;
  ledger.kept([...BLUE_GREEN, 'previewService'], draft.set(['spec', 'previewService', 'name'], preview));
  draft.look(
    ['spec', 'previewService'],
    `Headway makes this Service and takes none that somebody else made: delete Service ${preview} before you apply this, or choose another name.`,
  );
}

function convertPromotion({ ledger, draft }: RolloutContext): void {
  const replicas = ledger.number(...BLUE_GREEN, 'previewReplicaCount');
  if (replicas !== undefined && replicas >= 1) {
    ledger.kept([...BLUE_GREEN, 'previewReplicaCount'], draft.set(['spec', 'previewReplicas'], replicas));
  } else ledger.dropped([...BLUE_GREEN, 'previewReplicaCount'], 'a preview has at least one pod');
  const auto = ledger.value(...BLUE_GREEN, 'autoPromotionEnabled');
  if (typeof auto === 'boolean') {
    ledger.kept([...BLUE_GREEN, 'autoPromotionEnabled'], draft.set(['spec', 'autoPromote'], auto));
  }
  const path = [...BLUE_GREEN, 'autoPromotionSeconds'];
  const seconds = ledger.number(...path);
  if (seconds === undefined) return;
  if (auto === false)
    return ledger.dropped(path, 'Argo Rollouts does not look at it beside autoPromotionEnabled: false');
  if (seconds <= 0) return ledger.dropped(path, 'it is promoted at once without it');
  const { text, why } = boundedDuration(seconds * 1000, { min: '1s', max: '168h' });
  ledger.changed(path, draft.set(['spec', 'autoPromoteAfter'], text), why ?? 'a duration');
}

/** How long a promotion is judged where nobody said how long. */
const BAKE = '10m';

function convertJudges(context: RolloutContext): void {
  const { ledger, draft } = context;
  const pre = [...BLUE_GREEN, 'prePromotionAnalysis'];
  if (
    ledger.has(...pre) &&
    !convertAnalysis(context, { from: pre, to: ['spec', 'prePromotion'], slot: 'pre-promotion' })
  ) {
    ledger.changed(
      [...pre, 'templates'],
      draft.set(['spec', 'autoPromote'], false),
      'nothing of it could be converted; a person judges',
    );
    draft.look(
      ['spec', 'autoPromote'],
      'nothing of prePromotionAnalysis could be converted; until it is written by hand a person judges.',
    );
    leaveTimeOut(context);
  }
  const post = [...BLUE_GREEN, 'postPromotionAnalysis'];
  if (!ledger.has(...post)) return;
  if (convertAnalysis(context, { from: post, to: ['spec', 'postPromotion'], slot: 'post-promotion' })) {
    draft.set(['spec', 'bake', 'duration'], BAKE);
    draft.look(
      ['spec', 'bake'],
      'postPromotion is judged as long as this, and the old pods stay as long; choose how long.',
    );
    return;
  }
  ledger.dropped(post, 'nothing of it could be converted');
  draft.look(
    ['spec'],
    'nothing of postPromotionAnalysis could be converted; nothing judges the new version after its promotion.',
  );
}

/** Who waits for a person does not promote by the time. */
function leaveTimeOut({ ledger, draft }: RolloutContext): void {
  const spec = draft.get(['spec']) as Record<string, unknown>;
  delete spec['autoPromoteAfter'];
  ledger.dropped([...BLUE_GREEN, 'autoPromotionSeconds'], 'a person promotes, for nothing judges it');
}

function convertDelay({ ledger, draft }: RolloutContext): void {
  const path = [...BLUE_GREEN, 'scaleDownDelaySeconds'];
  const seconds = ledger.number(...path);
  if (seconds === undefined) return;
  const { text, why } = boundedDuration(seconds * 1000, { min: '0s', max: '24h' });
  ledger.changed(path, draft.set(['spec', 'scaleDownDelay'], text), why ?? 'a duration');
  draft.look(
    ['spec', 'scaleDownDelay'],
    'this is for connections to drain. Where it was for a quick way back, use bake.',
  );
}
