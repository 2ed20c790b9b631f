// SPDX-License-Identifier: Apache-2.0
import { isJson, type Manifest } from '../../manifests/manifests.ts';
import type { Path } from '../../manifests/offsets.ts';
import type { Draft } from '../draft.ts';
import { boundedDuration } from '../durations.ts';
import type { Ledger } from '../ledger.ts';
import { convertMetadata } from '../metadata.ts';
import { podLabelsOf, servicesFor } from '../pods.ts';
import type { Workshop } from '../workshop.ts';
import { convertBlueGreen } from './blue-green.ts';
import { convertCanary } from './canary.ts';
import type { MadeTemplate } from './templates.ts';

export interface RolloutContext {
  readonly workshop: Workshop;
  readonly ledger: Ledger;
  /** The Canary or BlueGreen. */
  readonly draft: Draft;
  readonly templates: ReadonlyMap<Manifest, MadeTemplate>;
  /** Services that find the pods, as far as they are in the input. */
  readonly services: readonly string[];
}

/** A Rollout as a Canary or a BlueGreen, and the Deployment that it had in itself. */
export function convertRollout(
  workshop: Workshop,
  source: Manifest,
  templates: ReadonlyMap<Manifest, MadeTemplate>,
): void {
  const ledger = workshop.ledgerOf(source);
  const isBlueGreen = ledger.has('spec', 'strategy', 'blueGreen');
  const target = targetOf(ledger);
  if (typeof target !== 'string') return workshop.refuse(source, target.problem);
  const isInline = !ledger.has('spec', 'workloadRef');
  const deployment = isInline ? convertTemplate(workshop, ledger, target) : undefined;
  const draft = workshop.draft(isBlueGreen ? 'BlueGreen' : 'Canary', source);
  draft.set(['spec', 'targetRef'], { kind: 'Deployment', name: target });
  convertMetadata(ledger, deployment ? [draft, deployment] : [draft]);
  const labels = podLabelsOf(deployment?.value ?? workshop.find(source, 'Deployment', target)?.value);
  const context = { workshop, ledger, draft, templates, services: servicesFor(workshop, source, labels) };
  if (isBlueGreen) convertBlueGreen(context);
  else convertCanary(context);
  convertShared(context, isInline);
}

function targetOf(ledger: Ledger): string | { problem: string } {
  const kind = ledger.text('spec', 'workloadRef', 'kind');
  if (kind === undefined) return ledger.source.name;
  const name = ledger.text('spec', 'workloadRef', 'name') ?? '';
  if (kind === 'Deployment') return name;
  return {
    problem: `workloadRef names a ${kind}, and a Deployment is released here; make a Deployment of its template first`,
  };
}

const DEPLOYMENT_FIELDS = ['replicas', 'minReadySeconds', 'template'];

/** The workload that was in the Rollout itself. */
function convertTemplate(workshop: Workshop, ledger: Ledger, name: string): Draft {
  const deployment = workshop.draft('Deployment', { name, namespace: ledger.source.namespace }, 'apps/v1');
  for (const field of DEPLOYMENT_FIELDS) {
    if (!ledger.has('spec', field)) continue;
    ledger.kept(['spec', field], deployment.set(['spec', field], ledger.value('spec', field)));
  }
  deployment.set(['spec', 'selector', 'matchLabels'], selectorOf(ledger, deployment));
  deployment.look(
    ['spec'],
    'this Deployment has the pods of the Rollout in it. Apply it while the Rollout still serves, and go on by docs/migrating.md: nothing is lost only in that order.',
  );
  return deployment;
}

function selectorOf(ledger: Ledger, deployment: Draft): unknown {
  const path = ['spec', 'selector', 'matchLabels'];
  const labels = ledger.value(...path);
  ledger.kept(path, deployment.place(path));
  ledger.dropped(
    ['spec', 'selector', 'matchExpressions'],
    'a Deployment that is governed selects its pods by matchLabels alone',
  );
  if (isJson(labels)) return labels;
  deployment.look(path, 'the Rollout had no matchLabels; these are the labels of its pods.');
  return ledger.value('spec', 'template', 'metadata', 'labels') ?? { app: ledger.source.name };
}

/** What both strategies have. */
function convertShared(context: RolloutContext, isInline: boolean): void {
  const { ledger, draft } = context;
  for (const field of ['apiVersion', 'kind', 'name']) {
    ledger.kept(['spec', 'workloadRef', field], draft.place(['spec', 'targetRef', field]));
  }
  ledger.dropped(
    ['spec', 'workloadRef', 'scaleDown'],
    'the own pods of the Deployment go when its first revision serves',
  );
  const replicas = ledger.number('spec', 'replicas');
  if (!isInline && replicas !== undefined) {
    ledger.kept(['spec', 'replicas'], draft.set(['spec', 'replicas'], replicas));
    draft.look(['spec', 'replicas'], 'leave this out where an autoscaler says how many.');
  }
  for (const field of isInline ? [] : ['minReadySeconds', 'selector', 'template']) {
    ledger.dropped(['spec', field], 'that of the Deployment holds');
  }
  ledger.dropped(
    ['spec', 'revisionHistoryLimit'],
    'stable, the one on its way and three more revisions are kept',
  );
  ledger.dropped(['spec', 'restartAt'], 'kubectl rollout restart of the Deployment releases it anew');
  ledger.dropped(['spec', 'analysis'], 'runs are a part of status and have no history of objects');
  convertDeadline(context);
  if (ledger.value('spec', 'paused') === true) {
    ledger.changed(
      ['spec', 'paused'],
      draft.set(['spec', 'suspend'], true),
      'nothing is changed until it is false',
    );
  } else ledger.dropped(['spec', 'paused'], 'it is false');
  const window = ledger.number('spec', 'rollbackWindow', 'revisions');
  if (window !== undefined) {
    const path: Path = ['spec', 'rollbackWindow', 'revisions'];
    const place = draft.set(path, Math.min(10, Math.max(1, window)));
    if (window >= 1 && window <= 10) ledger.kept(path, place);
    else ledger.changed(path, place, 'it is from 1 to 10 here');
  }
  nameUnknownStrategies(ledger);
}

function nameUnknownStrategies(ledger: Ledger): void {
  for (const name of ledger
    .keys('spec', 'strategy')
    .filter((one) => one !== 'canary' && one !== 'blueGreen')) {
    ledger.dropped(['spec', 'strategy', name], 'there is no such strategy here');
  }
}

function convertDeadline({ ledger, draft }: RolloutContext): void {
  const path: Path = ['spec', 'progressDeadlineSeconds'];
  const seconds = ledger.number(...path);
  if (seconds !== undefined) {
    const { text, why } = boundedDuration(seconds * 1000, { min: '10s', max: '24h' });
    ledger.changed(path, draft.set(['spec', 'progressDeadline'], text), why ?? 'a duration');
  }
  if (!ledger.has('spec', 'progressDeadlineAbort')) return;
  const isAbort = ledger.value('spec', 'progressDeadlineAbort') === true;
  const why = isAbort
    ? 'onFailure: Rollback, the default, holds for a missed deadline too'
    : 'a missed deadline is a failure: onFailure says what is done, by default a rollback';
  ledger.changed(['spec', 'progressDeadlineAbort'], draft.place(['spec', 'onFailure']), why);
}
