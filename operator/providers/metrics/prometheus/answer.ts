// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { formatDuration } from '../../../api/duration.ts';
import { readJson } from '../../../engine/json.ts';
import type { Point, QueryError, QueryErrorKind, Series } from '../../../engine/analysis/query-types.ts';
import type { HttpAnswer } from '../../../kube/http.ts';
import type { MetricsAnswer } from '../types.ts';

// The answer of GET and POST /api/v1/query:
// https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview

const FLOAT = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/;
const ODD_NUMBERS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  '+Inf': Infinity,
  Inf: Infinity,
  '-Inf': -Infinity,
};

const SampleValue = z.string().transform((text, context) => {
  const odd = ODD_NUMBERS[text];
  if (odd !== undefined) return odd;
  if (FLOAT.test(text)) return Number(text);
  context.addIssue({ code: 'custom', message: 'is not a number' });
  return z.NEVER;
});
const Sample = z.tuple([z.number(), SampleValue]);

const Labels = z.record(z.string(), z.string());

const Data = z.discriminatedUnion('resultType', [
  z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: Labels, values: z.array(Sample) })),
  }),
  z.object({ resultType: z.literal('scalar'), result: Sample }),
  z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: Labels, value: Sample })),
  }),
]);

const Answer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), data: Data, warnings: z.array(z.string()).optional() }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);
type Answer = z.infer<typeof Answer>;

/** What of an errorType blames the query, or says that time ran out; the rest is trouble of the server. */
const KIND_OF_ERROR: Readonly<Record<string, QueryErrorKind>> = {
  bad_data: 'query',
  execution: 'query',
  timeout: 'timeout',
  canceled: 'timeout',
};

/** Reads an answer of Prometheus; whatever is odd about it is an error that says what. */
export function readAnswer({ status, body }: HttpAnswer, timeoutMs: number): MetricsAnswer {
  if (status >= 300 && status < 400) return failure('status', `HTTP ${status}; redirects are not followed`);
  const json = readJson(body);
  const parsed = Answer.safeParse(json);
  const answer = parsed.data;
  if (answer?.status === 'error') return refusal(status, answer, timeoutMs);
  if (status < 200 || status >= 300) return failure('status', `HTTP ${status}`);
  if (json === undefined) return failure('malformed', 'the answer is not JSON');
  return answer ? success(answer) : failure('malformed', whatIsWrong(parsed.error));
}

function refusal(
  status: number,
  said: Extract<Answer, { status: 'error' }>,
  timeoutMs: number,
): MetricsAnswer {
  const kind = KIND_OF_ERROR[said.errorType] ?? 'status';
  if (kind === 'timeout') return failure(kind, `no answer in ${formatDuration(timeoutMs)}`);
  return failure(kind, kind === 'query' ? `bad query: ${said.error}` : `HTTP ${status}: ${said.error}`);
}

function success({ data, warnings = [] }: Extract<Answer, { status: 'success' }>): MetricsAnswer {
  return { series: allSeries(data), warnings };
}

function allSeries(data: z.infer<typeof Data>): Series[] {
  if (data.resultType === 'scalar') return [seriesOf({}, data.result)];
  if (data.resultType === 'vector') return data.result.map(({ metric, value }) => seriesOf(metric, value));
  return data.result.flatMap(({ metric, values }) => {
    const newest = values.at(-1);
    return newest ? [{ ...seriesOf(metric, newest), points: values.map(pointOf) }] : [];
  });
}

function pointOf([seconds, value]: z.infer<typeof Sample>): Point {
  return { atMs: Math.round(seconds * 1000), value };
}

function seriesOf(labels: Readonly<Record<string, string>>, sample: z.infer<typeof Sample>): Series {
  return { labels, ...pointOf(sample) };
}

function whatIsWrong(error: z.ZodError | undefined): string {
  const [issue] = error?.issues ?? [];
  const path = issue?.path.join('.') ?? '';
  return `the answer is not what /api/v1/query gives: ${path === '' ? '' : `${path}: `}${issue?.message ?? ''}`;
}

function failure(kind: QueryErrorKind, detail: string): { readonly error: QueryError } {
  return { error: { kind, detail } };
}
