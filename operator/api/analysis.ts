// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { CHECK_RULES, COMPARE_RULES } from './check-rules.ts';
import { Duration } from './duration.ts';
import { LabelName, ObjectName } from './names.ts';
import { HttpProbe, JobProbe, TcpProbe } from './probes.ts';
import { withRules } from './rules.ts';

export const MAX_CHECKS = 10;

export const BuiltInMetric = z.enum(['request-success-rate', 'request-duration']);
export type BuiltInMetric = z.infer<typeof BuiltInMetric>;

/** Whose counters a built-in metric reads. */
export const MetricSource = z.enum(['http', 'traefik']);
export type MetricSource = z.infer<typeof MetricSource>;

export const CheckArg = z.object({
  name: z
    .string()
    .min(1)
    .max(63)
    .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'must be letters, digits, "_" and "-", starting with a letter or "_"')
    .describe('Name of the argument; a query uses it as {{args.NAME}}.'),
  value: z
    .string()
    .max(1024)
    .describe('Value of the argument. It is quoted as a PromQL literal, so that it cannot change the query.'),
});
export type CheckArg = z.infer<typeof CheckArg>;

/** RE2-safe. Names that begin with two underscores are Prometheus' own. */
const LABEL_KEY = /^_?[a-zA-Z][a-zA-Z0-9_]{0,61}$/;
const MAX_LABELS = 8;

/** With whom a built-in metric is compared. */
const CompareTarget = z.enum(['stable', 'none']);

const Compare = withRules(
  z.object({
    to: CompareTarget.default('stable').describe(
      'stable: the check also fails when the judged revision (the canary, or the preview) is worse than the stable one at the same time. none: only max, min or successCondition decides. Default: stable.',
    ),
    tolerance: z
      .number()
      .min(1)
      .max(100)
      .optional()
      .describe(
        "Greatest good ratio of the judged revision's share of errors, or of requests slower than max, to that of stable, from 1 to 100. Default: 1.25.",
      ),
    alpha: z
      .number()
      .min(0.000001)
      .max(0.1)
      .optional()
      .describe(
        'Greatest chance that a revision within the tolerance is failed, over the whole run and however often it is looked at, from 0.000001 to 0.1. Default: 0.001.',
      ),
  }),
  COMPARE_RULES,
);

const MetricLabels = withRules(
  z.record(z.string(), z.string().max(256)).meta({ maxProperties: MAX_LABELS }),
  [
    {
      rule: `self.all(name, name.matches('${LABEL_KEY.source}'))`,
      message:
        'names of labels must be letters, digits and "_", at most 63, and not begin with a digit or with "__"',
      holds: (labels) => Object.keys(labels).every((name) => LABEL_KEY.test(name)),
    },
  ],
).refine((labels) => Object.keys(labels).length <= MAX_LABELS, `must have at most ${MAX_LABELS} labels`);

export const Check = withRules(
  z.object({
    name: LabelName(
      'Name of the check, unique in its list; it appears in the verdict sentence, in status and in metrics.',
    ),
    provider: ObjectName('Name of a MetricsProvider.')
      .optional()
      .describe('Name of the MetricsProvider that answers. Set with query or metric, and only then.'),
    query: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe(
        'PromQL that yields one number for the judged revision. Placeholders: {{namespace}}, {{canary}}, {{target}}, {{service}}, {{canaryService}}, {{ingress}}, {{revision}} (the judged one: the canary, or the preview), {{stableRevision}}, {{window}} and {{args.NAME}}. Inside quotes a value is escaped; outside quotes only a number or a duration is accepted. Exactly one of query, metric, http, tcp and job is set.',
      ),
    metric: BuiltInMetric.optional().describe(
      'Built-in metric instead of a query: request-success-rate (percent, 0 to 100) or request-duration (milliseconds). Both arms, the judged revision and stable, are read in one query.',
    ),
    http: HttpProbe.optional().describe(
      'HTTP GET to each ready pod of the judged revision, at most 10 of them; all must answer well.',
    ),
    tcp: TcpProbe.optional().describe(
      'TCP connection to each ready pod of the judged revision, at most 10 of them; all must accept it.',
    ),
    job: JobProbe.optional().describe(
      'A Job that must complete. It is run once for each analysis; how often its pods are tried again is its backoffLimit.',
    ),
    source: MetricSource.optional().describe(
      'Whose counters a built-in metric reads: http (http_requests_total and http_request_duration_seconds of the pods, labelled with headway.dev/revision as "revision") or traefik (traefik_service_*). Default: http.',
    ),
    labels: MetricLabels.optional().describe(
      'More label matchers of a built-in metric: value by name of the label, at most 8; a series must have all of them. Default: none.',
    ),
    quantile: z
      .number()
      .min(1)
      .lt(100)
      .optional()
      .describe('Which percentile request-duration reads, from 1 to less than 100. Default: 99.'),
    window: Duration({ min: '5s', max: '1h' })
      .optional()
      .describe(
        'How far back a built-in metric looks, and the value of {{window}}, from 5s to 1h. Default: 1m.',
      ),
    minRequests: z
      .int()
      .min(1)
      .max(1000000)
      .optional()
      .describe(
        'A built-in metric with fewer requests to the judged revision than this in its window, 1 to 1000000, is no evidence: the check holds. Default: 10.',
      ),
    interval: Duration({ min: '1s', max: '1h' })
      .default('30s')
      .describe('Time between two measurements, from 1s to 1h; a job does not look at it. Default: 30s.'),
    initialDelay: Duration({ min: '0s', max: '1h' })
      .optional()
      .describe(
        'Wait before the first measurement, counted from the start of the analysis, from 0s to 1h. Default: 0s.',
      ),
    count: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'Conclusive measurements after which the check is finished, 1 to 1000. Default: in a step with a duration, as many as fit; in a step without one, 1; in the background, no end. A job has one.',
      ),
    failureLimit: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe('How many bad measurements are tolerated, 0 to 1000; one more fails the check. Default: 0.'),
    max: z
      .number()
      .optional()
      .describe('Greatest good value, inclusive, in the unit of the metric. Default: no limit.'),
    min: z
      .number()
      .optional()
      .describe('Smallest good value, inclusive, in the unit of the metric. Default: no limit.'),
    successCondition: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .describe(
        'CEL over "result" (the measured number) that is true when the measurement is good, for example "result >= 0.95 && result <= 1.0". In place of max and min. Default: none.',
      ),
    compare: Compare.optional().describe(
      'Comparison of a built-in metric with the stable revision at the same time. Default: with tolerance 1.25 and alpha 0.001; request-duration without max: none.',
    ),
  }),
  CHECK_RULES,
);
export type Check = z.infer<typeof Check>;

const KEYED_BY_NAME = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };

function haveUniqueNames(items: readonly { readonly name: string }[]): boolean {
  return new Set(items.map((item) => item.name)).size === items.length;
}

export function Checks(description: string) {
  return z
    .array(Check)
    .min(1)
    .max(MAX_CHECKS)
    .refine(haveUniqueNames, 'names of checks must be unique')
    .meta(KEYED_BY_NAME)
    .describe(description);
}

export function CheckArgs(description: string) {
  return z
    .array(CheckArg)
    .max(16)
    .refine(haveUniqueNames, 'names of arguments must be unique')
    .meta(KEYED_BY_NAME)
    .describe(description);
}

export const AnalysisTemplateSpec = z.object({
  args: CheckArgs(
    'Arguments of the checks with their default values; a Canary or a BlueGreen may give others of the same names.',
  ).optional(),
  checks: Checks('The checks, 1 to 10.'),
});
export type AnalysisTemplateSpec = z.infer<typeof AnalysisTemplateSpec>;
