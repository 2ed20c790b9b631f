// SPDX-License-Identifier: Apache-2.0
import { MAX_CHECKS } from '../../../operator/api/analysis.ts';
import { renderQuery } from '../../../operator/engine/analysis/template.ts';
import type { Manifest } from '../../manifests/manifests.ts';
import type { Path } from '../../manifests/offsets.ts';
import { boundedDuration, goDurationMs } from '../durations.ts';
import type { Ledger } from '../ledger.ts';
import { convertMetadata } from '../metadata.ts';
import { providerFor } from '../providers.ts';
import { uniqueByName } from '../unique-names.ts';
import type { FlaggerContext } from './canary.ts';
import type { MadeTraffic } from './traffic.ts';

type Asked = Record<string, unknown>;
type Check = Asked & { readonly name: string };

const BUILT_IN = ['request-success-rate', 'request-duration'];

/** The metrics of an analysis as checks. */
export function convertMetrics(context: FlaggerContext, traffic: MadeTraffic): readonly Check[] {
  const { ledger, draft, analysis } = context;
  const checks: Check[] = [];
  for (const index of ledger.list(...analysis, 'metrics').keys()) {
    const path = [...analysis, 'metrics', index];
    const check = checks.length < MAX_CHECKS ? convertMetric(context, path, traffic) : undefined;
    if (checks.length === MAX_CHECKS) ledger.dropped(path, `${MAX_CHECKS} checks fit`);
    if (check) checks.push(check);
    else draft.look(['spec'], `metric ${ledger.text(...path, 'name')} was not converted; see the report.`);
  }
  const threshold = ledger.number(...analysis, 'threshold');
  if (threshold !== undefined) {
    const why = 'one less is tolerated, of each check: Flagger counts the failures of all together';
    ledger.changed(
      [...analysis, 'threshold'],
      `${draft.place(['spec', 'analysis', 'checks'])}[].failureLimit`,
      why,
    );
  }
  return uniqueByName(checks);
}

function convertMetric(context: FlaggerContext, path: Path, traffic: MadeTraffic): Check | undefined {
  const { ledger } = context;
  const name = ledger.text(...path, 'name') ?? '';
  const template = ledger.text(...path, 'templateRef', 'name');
  const limits = limitsOf(ledger, path, name);
  if (!limits) {
    ledger.dropped(path, 'it says no range, so that nothing is good or bad');
    return undefined;
  }
  const asked =
    template !== undefined
      ? askedOfTemplate(context, path, { name: template, traffic })
      : BUILT_IN.includes(name)
        ? builtIn(context, name, traffic)
        : askedInPlace(context, path, traffic);
  if (!asked) return undefined;
  noteFields(context, path);
  return {
    name: checkName(name),
    ...asked,
    ...limits,
    ...windowOf(context, path),
    interval: boundedDuration(context.intervalMs, { min: '1s', max: '1h' }).text,
    failureLimit: Math.min(1000, Math.max(0, (ledger.number(...context.analysis, 'threshold') ?? 1) - 1)),
  };
}

function checkName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return plain.slice(0, 60).replace(/-+$/, '') || 'check';
}

function limitsOf(ledger: Ledger, path: Path, name: string): { min?: number; max?: number } | undefined {
  const min = ledger.number(...path, 'thresholdRange', 'min');
  const max = ledger.number(...path, 'thresholdRange', 'max');
  if (min !== undefined || max !== undefined) {
    return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  }
  const threshold = ledger.number(...path, 'threshold');
  if (threshold === undefined) return undefined;
  return name === 'request-success-rate' ? { min: threshold } : { max: threshold };
}

/** How far back the query looks. */
function windowOf({ ledger }: FlaggerContext, path: Path): { window?: string } {
  const ms = goDurationMs(ledger.value(...path, 'interval'));
  return ms === undefined ? {} : { window: boundedDuration(ms, { min: '5s', max: '1h' }).text };
}

function noteFields({ ledger, draft }: FlaggerContext, path: Path): void {
  const to = draft.place(['spec', 'analysis', 'checks']);
  ledger.changed([...path, 'name'], `${to}[].name`, 'lower-case letters, digits and "-"');
  if (checkName(ledger.text(...path, 'name') ?? '') === ledger.text(...path, 'name')) {
    ledger.kept([...path, 'name'], `${to}[].name`);
  }
  ledger.kept([...path, 'thresholdRange', 'min'], `${to}[].min`);
  ledger.kept([...path, 'thresholdRange', 'max'], `${to}[].max`);
  if (ledger.has(...path, 'thresholdRange')) ledger.dropped([...path, 'threshold'], 'thresholdRange counts');
  else ledger.changed([...path, 'threshold'], `${to}[]`, 'min of a rate, max of anything else');
  ledger.changed([...path, 'interval'], `${to}[].window`, 'it was how far back the query looks');
}

function builtIn(
  { workshop, draft, ledger }: FlaggerContext,
  metric: string,
  { router }: MadeTraffic,
): Asked {
  const provider = providerFor(workshop, ledger.text('spec', 'metricsServer'));
  const isTraefik = router === 'traefik';
  if (!isTraefik) draft.look(['spec'], COUNTERS);
  return { provider: provider.name, metric, ...(isTraefik ? { source: 'traefik' } : {}) };
}

const COUNTERS =
  'built-in metrics read http_requests_total and http_request_duration_seconds of your pods, which Prometheus labels with headway.dev/revision as "revision"; Flagger read those of the mesh or the controller. They are compared with the stable version too. Where your pods have none, write a query.';

function askedInPlace(context: FlaggerContext, path: Path, traffic: MadeTraffic): Asked | undefined {
  const { ledger, workshop } = context;
  const query = ledger.text(...path, 'query');
  if (query === undefined) {
    ledger.dropped(path, 'it has neither a query nor a template, and is no built-in metric');
    return undefined;
  }
  const made = queryOf(ledger, path, { written: query, traffic });
  if (made.problem !== undefined) {
    ledger.dropped(path, made.problem);
    return undefined;
  }
  ledger.changed(
    [...path, 'query'],
    `${context.draft.place(['spec', 'analysis', 'checks'])}[].query`,
    PLACEHOLDERS,
  );
  lookAtTarget(context, query);
  return { provider: providerFor(workshop, ledger.text('spec', 'metricsServer')).name, query: made.text };
}

const PLACEHOLDERS = 'placeholders have other names';

function askedOfTemplate(
  context: FlaggerContext,
  path: Path,
  { name, traffic }: { name: string; traffic: MadeTraffic },
): Asked | undefined {
  const { ledger, workshop, draft } = context;
  const namespace = ledger.text(...path, 'templateRef', 'namespace') ?? ledger.source.namespace;
  const source = workshop.all.find(
    (one) =>
      isMetricTemplate(one) &&
      one.name === name &&
      (one.namespace === namespace || one.namespace === '' || namespace === ''),
  );
  if (!source) {
    ledger.dropped(path, `MetricTemplate ${name} was not in what was read; add its file`);
    return undefined;
  }
  const template = workshop.ledgerOf(source);
  const type = template.text('spec', 'provider', 'type') ?? 'prometheus';
  const made = queryOf(ledger, path, { written: template.text('spec', 'query') ?? '', traffic });
  const problem = type === 'prometheus' ? made.problem : `there is no provider ${type} here`;
  if (problem !== undefined) {
    ledger.dropped(path, problem);
    for (const field of ['apiVersion', 'kind', 'metadata', 'spec', 'status'])
      template.dropped([field], problem);
    return undefined;
  }
  const provider = providerFor(workshop, template.text('spec', 'provider', 'address'));
  const to = draft.place(['spec', 'analysis', 'checks']);
  for (const field of ['name', 'namespace'])
    ledger.changed([...path, 'templateRef', field], `${to}[].query`, 'the query is written in place');
  ledger.changed([...path, 'templateVariables'], `${to}[].query`, 'values are put in');
  noteTemplate(template, {
    query: `${to}[].query`,
    address: provider.draft.place(['spec', 'address']),
    why: provider.why,
  });
  convertMetadata(template, [draft]);
  lookAtTarget(context, template.text('spec', 'query') ?? '');
  return { provider: provider.name, query: made.text };
}

export function isMetricTemplate({ apiVersion, kind }: Manifest): boolean {
  return apiVersion.startsWith('flagger.app/') && kind === 'MetricTemplate';
}

function noteTemplate(
  template: Ledger,
  to: { query: string; address: string; why: string | undefined },
): void {
  template.changed(['spec', 'query'], to.query, PLACEHOLDERS);
  template.kept(['spec', 'provider', 'type'], to.address);
  if (to.why === undefined) template.kept(['spec', 'provider', 'address'], to.address);
  else template.changed(['spec', 'provider', 'address'], to.address, to.why);
  for (const field of ['secretRef', 'insecureSkipVerify', 'headers', 'region']) {
    template.dropped(
      ['spec', 'provider', field],
      'a MetricsProvider has no credentials, headers or TLS switches',
    );
  }
}

function lookAtTarget({ draft }: FlaggerContext, query: string): void {
  if (!/\{\{\s*(?:target|ingress|service)\s*\}\}/.test(query)) return;
  draft.look(
    ['spec'],
    'in queries {{target}}-{{revision}} is the Deployment of the new version, where Flagger had {{ target }}; look whether each query finds the new version alone.',
  );
}

/** Names of ours for those of Flagger. Its target is the workload of the canary. */
const NAMES: Readonly<Record<string, string>> = {
  name: '{{canary}}',
  namespace: '{{namespace}}',
  target: '{{target}}-{{revision}}',
  service: '{{service}}',
  ingress: '{{ingress}}',
  interval: '{{window}}',
};

function queryOf(
  ledger: Ledger,
  path: Path,
  { written, traffic }: { written: string; traffic: MadeTraffic },
): { text: string; problem?: string } {
  const unknown: string[] = [];
  const text = written.trim().replaceAll(/\{\{-?\s*([^}]*?)\s*-?\}\}/g, (whole, name: string) => {
    const known = NAMES[name] ?? variableOf(ledger, path, name);
    if (known === undefined) unknown.push(name);
    return known ?? whole;
  });
  if (text === '') return { text, problem: 'it has no query' };
  if (unknown.length > 0)
    return { text, problem: `its query has {{ ${unknown.join(' }}, {{ ')} }}, which there is not here` };
  const values = new Map<string, string | undefined>([
    ...['canary', 'namespace', 'target', 'service', 'revision'].map((name) => [name, 'x'] as const),
    ['ingress', traffic.router === 'ingress' ? 'x' : undefined],
    ['window', '1m'],
  ]);
  const rendering = renderQuery(text, values);
  return rendering.kind === 'rendered'
    ? { text }
    : { text, problem: `its query cannot be asked: ${rendering.problems.join('; ')}` };
}

/** `variables.x`, as the metric says it. */
function variableOf(ledger: Ledger, path: Path, name: string): string | undefined {
  const variable = /^variables\.(.+)$/.exec(name)?.[1];
  return variable === undefined ? undefined : ledger.text(...path, 'templateVariables', variable);
}
