// SPDX-License-Identifier: Apache-2.0
import type { Check } from '../../api/analysis.ts';
import { durationMs } from '../../api/duration.ts';
import { Labels, MANAGED_BY } from '../../api/group.ts';
import type { HttpProbe, JobProbe, TcpProbe } from '../../api/probes.ts';
import { canonicalJson, childName, labelValue, shortHash } from '../names.ts';
import type { JobQuestion, JudgedPods, Probe } from './probe-types.ts';
import type { CheckQuery, QueryScope, RunScope } from './query-types.ts';

/** A probe that is ready to be asked, or what is wrong with it. */
export type ProbeResolution =
  | { readonly kind: 'probe'; readonly query: CheckQuery; readonly limitText: string }
  | { readonly kind: 'invalid'; readonly field: string; readonly message: string };

/** How often a Job is looked at. */
const LOOK_AT_JOB_EVERY_MS = 2000;

/** The name of a pod is made from that of its Job, and as a host name it has 63 characters. */
const MAX_JOB_NAME = 52;

/**
 * The question of a check with http, tcp or job, for a scope; undefined: it asks a metrics provider. Of where it goes
 * the check says the port and nothing else: which pods they are follows from the scope.
 */
export function resolveProbe(check: Check, scope: QueryScope): ProbeResolution | undefined {
  const { http, tcp, job, interval } = check;
  if (http) return askPods(http, scope, { interval, ...httpWords(http), ask: httpAsker(http) });
  if (tcp) return askPods(tcp, scope, { interval, ...TCP_WORDS, ask: tcpAsker(tcp) });
  return job && askJob(check.name, scope, job);
}

interface PodProbe {
  readonly interval: string;
  /** The question without whom it goes to: what stands before the pods, and behind the port. */
  readonly before: string;
  readonly behind: string;
  readonly limitText: string;
  readonly ask: (pods: JudgedPods) => Probe;
}

function askPods(probe: HttpProbe | TcpProbe, scope: QueryScope, parts: PodProbe): ProbeResolution {
  const target = targetOf(probe, scope);
  if (!target) return noPreview(probe);
  const { port } = probe;
  const pods = {
    namespace: scope.namespace,
    canary: labelValue(scope.canary),
    revision: scope.revision,
    target,
    port,
  };
  const at = target.kind === 'canary' ? 'pods' : `Service ${target.service}`;
  const intervalMs = durationMs(parts.interval);
  const query = queryOf(parts.ask(pods), {
    expression: `${parts.before}${at}:${port}${parts.behind}`,
    intervalMs,
  });
  return { kind: 'probe', query, limitText: parts.limitText };
}

function targetOf({ target }: HttpProbe | TcpProbe, scope: QueryScope): JudgedPods['target'] | undefined {
  if (target === 'canary') return { kind: 'canary' };
  const service = target === 'service' ? scope.service : scope.canaryService;
  return service === undefined ? undefined : { kind: target, service };
}

function noPreview(probe: HttpProbe | TcpProbe): ProbeResolution {
  const field = `${'path' in probe ? 'http' : 'tcp'}.target`;
  const message =
    'there is no preview Service: pods of both revisions share one; set traffic, or use canary or service';
  return { kind: 'invalid', field, message };
}

function httpWords({ scheme, path, expect }: HttpProbe) {
  const codes = expect?.status ? listed(expect.status) : '200 to 399';
  const body = expect?.body === undefined ? '' : ` with ${JSON.stringify(expect.body)}`;
  return {
    before: `GET ${scheme.toLowerCase()}://`,
    behind: path,
    limitText: `answers ${codes}${body}`,
  };
}

const TCP_WORDS = { before: 'TCP ', behind: '', limitText: 'accepts connections' };

function listed(codes: readonly number[]): string {
  return codes.length === 1 ? `${codes[0]}` : `${codes.slice(0, -1).join(', ')} or ${codes.at(-1)}`;
}

function httpAsker({ path, scheme, expect, timeout }: HttpProbe): PodProbe['ask'] {
  return (pods) => ({
    kind: 'http',
    pods,
    scheme: scheme === 'HTTPS' ? 'https' : 'http',
    path,
    ...(expect?.status ? { status: expect.status } : {}),
    ...(expect?.body === undefined ? {} : { body: expect.body }),
    timeoutMs: durationMs(timeout),
  });
}

function tcpAsker({ timeout }: TcpProbe): PodProbe['ask'] {
  return (pods) => ({ kind: 'tcp', pods, timeoutMs: durationMs(timeout) });
}

function askJob(check: string, scope: QueryScope, { cronJobRef, timeout }: JobProbe): ProbeResolution {
  const { run } = scope;
  if (!run) return { kind: 'invalid', field: 'job', message: 'nothing is here that could own a Job' };
  const probe: JobQuestion = {
    kind: 'job',
    namespace: scope.namespace,
    name: jobName(check, scope, { run, cronJob: cronJobRef.name }),
    cronJob: cronJobRef.name,
    labels: {
      [Labels.managedBy]: MANAGED_BY,
      [Labels.role]: 'check',
      [Labels.canary]: labelValue(scope.canary),
      [Labels.check]: check,
    },
    owner: run.owner,
    env: envOf(scope),
    timeoutMs: durationMs(timeout),
  };
  const at = { expression: `Job of CronJob ${cronJobRef.name}`, intervalMs: LOOK_AT_JOB_EVERY_MS };
  return { kind: 'probe', query: queryOf(probe, at), limitText: `completes within ${timeout}` };
}

/** The run is part of it, so that what is judged anew gets a Job of its own, and a new process finds that of the old. */
function jobName(
  check: string,
  { canary, revision }: QueryScope,
  { run, cronJob }: { run: RunScope; cronJob: string },
): string {
  const { owner, startedAt, step } = run;
  const id = canonicalJson([owner.kind, owner.uid, revision, startedAt, step ?? null, check, cronJob]);
  return childName(`${canary}-${check}`.replaceAll('.', '-'), `-${shortHash(id, 8)}`, MAX_JOB_NAME);
}

function envOf({ namespace, canary, revision, stableRevision, service, canaryService, run }: QueryScope) {
  return {
    HEADWAY_NAMESPACE: namespace,
    HEADWAY_NAME: canary,
    HEADWAY_REVISION: revision,
    HEADWAY_SERVICE: service,
    ...(run?.version === undefined ? {} : { HEADWAY_VERSION: run.version }),
    ...(stableRevision === undefined ? {} : { HEADWAY_STABLE_REVISION: stableRevision }),
    ...(canaryService === undefined ? {} : { HEADWAY_CANARY_SERVICE: canaryService }),
  };
}

/** No MetricsProvider has a name like these, so that no two questions get one key. */
const ASKED: Readonly<Record<Probe['kind'], string>> = {
  http: 'the pods',
  tcp: 'the pods',
  job: 'the Job',
};

function queryOf(probe: Probe, at: { expression: string; intervalMs: number }): CheckQuery {
  const provider = ASKED[probe.kind];
  return { key: `${provider} ${at.intervalMs} ${canonicalJson(probe)}`, provider, ...at, probe };
}
