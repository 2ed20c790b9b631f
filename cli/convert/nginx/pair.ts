// SPDX-License-Identifier: Apache-2.0
import { type Json, type Manifest, isJson } from '../../manifests/manifests.ts';
import type { Path } from '../../manifests/offsets.ts';
import type { Draft } from '../draft.ts';
import { type Ledger, leavesOf } from '../ledger.ts';
import { podLabelsOf, within } from '../pods.ts';
import { textOfScalar } from '../scalars.ts';
import type { Workshop } from '../workshop.ts';

const NGINX = 'nginx.ingress.kubernetes.io';
const CANARY = /^(.+)\/canary$/;

/** The prefix of the annotation that makes an Ingress a canary; undefined: it is none. */
function canaryPrefix({ kind, value }: Manifest): string | undefined {
  const annotations = within(value, 'metadata', 'annotations');
  if (kind !== 'Ingress' || !isJson(annotations)) return undefined;
  const key = Object.keys(annotations).find(
    (name) => CANARY.test(name) && String(annotations[name]) === 'true',
  );
  return key && CANARY.exec(key)?.[1];
}

/** Made by Headway, or by another controller: not by a person. */
function isOwned({ value }: Manifest): boolean {
  const owners = within(value, 'metadata', 'ownerReferences');
  return Array.isArray(owners) && owners.length > 0;
}

export function isCanaryIngress(manifest: Manifest): boolean {
  return canaryPrefix(manifest) !== undefined && !isOwned(manifest);
}

/** A canary Ingress that was written by hand, and the one beside it, as a Canary. */
export function convertPair(workshop: Workshop, source: Manifest): void {
  const prefix = canaryPrefix(source) ?? NGINX;
  const places = new Set(backendsOf(source).map(({ place }) => place));
  const main = workshop
    .near(source, 'Ingress')
    .find(
      (other) =>
        canaryPrefix(other) === undefined && backendsOf(other).some(({ place }) => places.has(place)),
    );
  if (!main) {
    return workshop.refuse(
      source,
      'no Ingress in what was read has one of its hosts and paths; add the file of the main one',
    );
  }
  const service = backendsOf(main).find(({ place }) => places.has(place))?.service ?? '';
  const draft = workshop.draft('Canary', { name: service, namespace: main.namespace });
  convertTarget(workshop, main, { draft, service });
  draft.set(['spec', 'traffic', 'ingress', 'name'], main.name);
  if (prefix !== NGINX) draft.set(['spec', 'traffic', 'ingress', 'annotationPrefix'], prefix);
  keepMain(workshop.ledgerOf(main));
  convertCanaryIngress(workshop.ledgerOf(source), { draft, prefix, service });
}

interface Backend {
  /** Host and path. */
  readonly place: string;
  readonly service: string;
}

function backendsOf({ value }: Manifest): Backend[] {
  const rules = within(value, 'spec', 'rules');
  return (Array.isArray(rules) ? rules : []).flatMap((rule: unknown): Backend[] => {
    const paths = within(rule, 'http', 'paths');
    const host = isJson(rule) ? (textOfScalar(rule['host']) ?? '') : '';
    return (Array.isArray(paths) ? paths : []).map((path: unknown) => ({
      place: `${host} ${isJson(path) ? (textOfScalar(path['path']) ?? '/') : ''}`,
      service: textOfScalar(within(path, 'backend', 'service', 'name')) ?? '',
    }));
  });
}

/** The Deployment behind the Service of the main Ingress. */
function convertTarget(
  workshop: Workshop,
  main: Manifest,
  { draft, service }: { draft: Draft; service: string },
): void {
  const selector = within(workshop.find(main, 'Service', service)?.value, 'spec', 'selector');
  const deployments = workshop
    .near(main, 'Deployment')
    .filter(({ value }) => isJson(selector) && finds(selector, podLabelsOf(value)));
  const [only] = deployments;
  const name = only && deployments.length === 1 ? only.name : service;
  draft.set(['spec', 'targetRef'], { kind: 'Deployment', name });
  draft.set(['spec', 'service', 'name'], service);
  const seen = deployments.map((one) => one.name).join(', ');
  const why =
    deployments.length === 1
      ? `Service ${service} finds the pods of Deployment ${name}; the Deployment of the canary is not needed any more.`
      : `which Deployment Service ${service} leads to was not to be seen${seen === '' ? '' : ` (${seen})`}; ${name} is a guess.`;
  draft.look(['spec', 'targetRef'], why);
}

function finds(selector: Json, labels: Json | undefined): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && labels !== undefined && wanted.every(([name, value]) => labels[name] === value);
}

function keepMain(ledger: Ledger): void {
  const { kind, name } = ledger.source;
  for (const [field] of Object.entries(ledger.source.value))
    ledger.kept([field], `${kind}/${name} ${field}, as it is`);
}

interface Made {
  readonly draft: Draft;
  readonly prefix: string;
  readonly service: string;
}

function convertCanaryIngress(ledger: Ledger, made: Made): void {
  const { draft, prefix, service } = made;
  const annotations: Path = ['metadata', 'annotations'];
  const of = (name: string) => [...annotations, `${prefix}/${name}`];
  const steps = draft.place(['spec', 'steps']);
  draft.set(['spec', 'steps'], stepsOf(ledger, of));
  draft.look(
    ['spec', 'steps'],
    'the weight was moved by hand; these steps do the same, each with a person. Say pauses and analyses instead.',
  );
  ledger.changed(of('canary-weight'), steps, 'a step of each release, and not a weight that stands');
  ledger.changed(of('canary-weight-total'), steps, 'weights are percent');
  ledger.changed(
    of('canary'),
    draft.place(['spec', 'traffic', 'ingress']),
    'Headway makes the canary Ingress',
  );
  convertHeader(ledger, draft, of);
  ledger.dropped(of('canary-by-cookie'), 'requests are chosen by a header, and not by a cookie');
  const canaryServices = [...new Set(backendsOf(ledger.source).map((backend) => backend.service))].join(', ');
  draft.look(
    ['spec', 'service'],
    `when Canary ${draft.name} is Healthy, delete Ingress ${ledger.source.name}, Service ${canaryServices} and the Deployment behind it. Ingress ${ledger.source.name} must not be named ${made.draft.get(['spec', 'traffic', 'ingress', 'name']) as string}-canary, and Service ${canaryServices} not ${service}-canary: Headway makes these.`,
  );
  const why = 'Headway makes the canary Ingress from the main one, for as long as a release is on its way';
  for (const path of leavesOf(ledger.source.value)) {
    const isOfWeight =
      path[0] === 'metadata' && path[1] === 'annotations' && String(path[2]).startsWith(`${prefix}/canary`);
    if (!isOfWeight) ledger.dropped(path, why);
  }
}

/** As far as it was, and then a person. */
function stepsOf(ledger: Ledger, of: (name: string) => Path): object[] {
  const total = Number(ledger.text(...of('canary-weight-total')) ?? 100);
  const weight = Math.round(
    (100 * Number(ledger.text(...of('canary-weight')) ?? 0)) / (total > 0 ? total : 100),
  );
  const isShare = Number.isFinite(weight) && weight > 0 && weight < 100;
  return [{ setWeight: isShare ? weight : 0 }, { pause: {} }, ...(isShare ? [{ setWeight: 100 }] : [])];
}

function convertHeader(ledger: Ledger, draft: Draft, of: (name: string) => Path): void {
  const header = ledger.text(...of('canary-by-header'));
  const names = ['canary-by-header', 'canary-by-header-value', 'canary-by-header-pattern'];
  if (header === undefined) {
    for (const name of names) ledger.dropped(of(name), 'it says no header');
    return;
  }
  const value = ledger.text(...of('canary-by-header-value'));
  const pattern = ledger.text(...of('canary-by-header-pattern'));
  const test =
    value === undefined && pattern !== undefined ? { regex: pattern } : { exact: value ?? 'always' };
  draft.set(['spec', 'match'], [{ headers: { [header]: test } }]);
  for (const name of names) ledger.kept(of(name), draft.place(['spec', 'match', 0, 'headers']));
}
