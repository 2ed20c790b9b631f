// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { measure } from './measure.ts';
import { resolvedCheck } from './test-checks.ts';
import type { Series } from './query-types.ts';
import type { Measurement, ResolvedCheck } from './types.ts';

const AT = 1_000_000_000;
/** The provider's clock is an hour ahead: only its own times may be compared with each other. */
const THERE = AT + 3_600_000;

function series(labels: Record<string, string>, value: number): Series {
  return { labels, value, atMs: THERE };
}

function requests(revision: string, code: string, value: number): Series {
  return series({ part: 'requests', revision, code }, value);
}

function seen(revision: string, secondsAgo = 2): Series {
  return series({ part: 'seen', revision }, THERE / 1000 - secondsAgo);
}

function scraped(revision: string, secondsAgo = 2): Series {
  return series({ part: 'scraped', revision }, THERE / 1000 - secondsAgo);
}

function measured(check: ResolvedCheck, given: Series[]): Omit<Measurement, 'atMs'> {
  const { atMs, ...rest } = measure(check, { key: check.query.key, atMs: AT, series: given });
  expect(atMs).toBe(AT);
  return rest;
}

const fresh = [seen('new'), seen('old'), scraped('new'), scraped('old')];

describe('request-success-rate', () => {
  const check = resolvedCheck();

  it.each<[string, Series[], Omit<Measurement, 'atMs'>]>([
    [
      'both arms',
      [
        requests('new', '200', 95),
        requests('new', '500', 5),
        requests('old', '200', 398),
        requests('old', '503', 2),
        ...fresh,
      ],
      {
        value: 95,
        stable: 99.5,
        arms: { canary: { requests: 100, errors: 5 }, stable: { requests: 400, errors: 2 } },
      },
    ],
    [
      'no error ever: no series of errors, and no errors',
      [requests('new', '200', 100), requests('old', '200', 50), ...fresh],
      {
        value: 100,
        stable: 100,
        arms: { canary: { requests: 100, errors: 0 }, stable: { requests: 50, errors: 0 } },
      },
    ],
    [
      'nothing but errors',
      [requests('new', '502', 40), requests('old', '200', 50), ...fresh],
      {
        value: 0,
        stable: 100,
        arms: { canary: { requests: 40, errors: 40 }, stable: { requests: 50, errors: 0 } },
      },
    ],
    [
      'client errors are no errors of the service',
      [requests('new', '404', 30), requests('new', '200', 10), ...fresh],
      { value: 100, arms: { canary: { requests: 40, errors: 0 } } },
    ],
    [
      'no error in counts that are not whole is exactly 100',
      [requests('new', '200', 1382.14), requests('new', '404', 0.1), ...fresh],
      { value: 100, arms: { canary: { requests: 1382.24, errors: 0 } } },
    ],
    [
      'a stable arm without requests is unknown',
      [requests('new', '200', 40), requests('old', '200', 0), ...fresh],
      { value: 100, arms: { canary: { requests: 40, errors: 0 } } },
    ],
    [
      'counts that are not whole',
      [requests('new', '200', 30.0001), requests('new', '500', 10.004), ...fresh],
      { value: 75, arms: { canary: { requests: 40, errors: 10 } } },
    ],
    [
      'other revisions',
      [requests('new', '200', 40), requests('older', '500', 40), ...fresh],
      { value: 100, arms: { canary: { requests: 40, errors: 0 } } },
    ],
    [
      'too few requests',
      [requests('new', '200', 2), requests('new', '500', 1), ...fresh],
      {
        noData: 'NoTraffic',
        detail: 'needs about 7 more requests (3 of 10 in 1m)',
        arms: { canary: { requests: 3, errors: 1 } },
      },
    ],
    [
      'just enough',
      [requests('new', '200', 10), ...fresh],
      { value: 100, arms: { canary: { requests: 10, errors: 0 } } },
    ],
    [
      'one too few',
      [requests('new', '200', 9.4), ...fresh],
      {
        noData: 'NoTraffic',
        detail: 'needs about 1 more request (9 of 10 in 1m)',
        arms: { canary: { requests: 9.4, errors: 0 } },
      },
    ],
    [
      'a canary that is scraped and has not answered yet',
      [requests('old', '200', 50), seen('old'), scraped('new'), scraped('old')],
      { noData: 'NoTraffic', detail: 'needs about 10 more requests (0 of 10 in 1m)' },
    ],
    [
      'a canary that nobody scrapes',
      [requests('old', '200', 50), seen('old'), scraped('old')],
      { noData: 'Empty', detail: 'revision new is not scraped' },
    ],
    ['nothing at all', [], { noData: 'Empty', detail: 'revision new is not scraped' }],
    [
      'a scrape that stopped: the series has ended, its increase is still in the window',
      [requests('new', '200', 50), requests('old', '200', 50), seen('old'), scraped('old')],
      { noData: 'Stale', detail: 'revision new is no longer scraped' },
    ],
    [
      'old samples',
      [requests('new', '200', 50), seen('new', 75), scraped('new', 75)],
      { noData: 'Stale', detail: 'the last scrape of revision new was 1m15s ago' },
    ],
    [
      'an old scrape without a request',
      [scraped('new', 61)],
      { noData: 'Stale', detail: 'the last scrape of revision new was 1m1s ago' },
    ],
    [
      'samples as old as the window',
      [requests('new', '200', 50), seen('new', 60)],
      { value: 100, arms: { canary: { requests: 50, errors: 0 } } },
    ],
    [
      'a single sample in the window',
      [seen('new'), scraped('new')],
      { noData: 'Empty', detail: 'fewer than two scrapes of revision new in 1m; a longer window has more' },
    ],
    [
      'a count that is no number',
      [requests('new', '200', Number.NaN), ...fresh],
      { noData: 'NotANumber', detail: 'a count of http_requests_total is NaN' },
    ],
    [
      'a stable count that is no number',
      [requests('new', '200', 40), requests('old', '200', Infinity), ...fresh],
      { value: 100, arms: { canary: { requests: 40, errors: 0 } } },
    ],
    [
      'an app without codes',
      [series({ part: 'requests', revision: 'new' }, 40), ...fresh],
      { noData: 'BadQuery', detail: 'http_requests_total has no label "code"' },
    ],
  ])('%s', (_, given, expected) => {
    expect(measured(check, given)).toEqual(expected);
  });

  it('reads the arms of Traefik by their service', () => {
    const traefik = resolvedCheck({ armsBy: { label: 'service', backend: 'shop-web-web' } });
    const labels = (name: string, rest: object) => ({ service: `${name}@kubernetesingressnginx`, ...rest });
    const alive = series({ part: 'scraped' }, THERE / 1000);
    const canary = 'shop-web-web-80-canary';
    const given = [
      series(labels(canary, { part: 'requests', code: '200' }), 30),
      series(labels(canary, { part: 'requests', code: '502' }), 10),
      series(labels('shop-web-web-80', { part: 'requests', code: '200' }), 80),
      series(labels(canary, { part: 'seen' }), THERE / 1000),
      alive,
    ];
    expect(measured(traefik, given)).toMatchObject({ value: 75, stable: 100 });
    expect(measured(traefik, [alive])).toMatchObject({ noData: 'NoTraffic' });
    expect(measured(traefik, [])).toEqual({
      noData: 'Empty',
      detail: "the canary's backend in Traefik is not scraped",
    });
  });
});

describe('request-duration', () => {
  const check = resolvedCheck({
    kind: 'request-duration',
    limit: { kind: 'bounds', max: 500 },
    quantile: 0.5,
  });

  function bucket(revision: string, le: string, value: number): Series {
    return series({ part: 'buckets', revision, le }, value);
  }

  it.each<[string, Series[], Omit<Measurement, 'atMs'>]>([
    [
      'both arms, in milliseconds',
      [
        bucket('new', '0.1', 0),
        bucket('new', '0.3', 40),
        bucket('new', '+Inf', 40),
        bucket('old', '0.1', 100),
        bucket('old', '0.3', 100),
        bucket('old', '+Inf', 100),
        ...fresh,
      ],
      { value: 200, stable: 50 },
    ],
    [
      'beyond the greatest bucket',
      [bucket('new', '0.1', 10), bucket('new', '0.5', 15), bucket('new', '+Inf', 40), ...fresh],
      { value: 500, beyond: true },
    ],
    [
      'a stable arm beyond its greatest bucket is unknown',
      [
        bucket('new', '0.1', 40),
        bucket('new', '+Inf', 40),
        bucket('old', '0.1', 0),
        bucket('old', '+Inf', 40),
        ...fresh,
      ],
      { value: 50 },
    ],
    [
      'too few requests',
      [bucket('new', '0.1', 4), bucket('new', '+Inf', 4), ...fresh],
      { noData: 'NoTraffic', detail: 'needs about 6 more requests (4 of 10 in 1m)' },
    ],
    [
      'a histogram without +Inf',
      [bucket('new', '0.1', 40), bucket('new', '0.5', 40), ...fresh],
      { noData: 'BadQuery', detail: 'http_request_duration_seconds_bucket has no buckets to +Inf' },
    ],
    [
      'a histogram with +Inf alone',
      [bucket('new', '+Inf', 40), bucket('new', 'x', 40), ...fresh],
      { noData: 'BadQuery', detail: 'http_request_duration_seconds_bucket has no buckets to +Inf' },
    ],
    ['nobody scrapes it', [], { noData: 'Empty', detail: 'revision new is not scraped' }],
  ])('%s', (_, given, expected) => {
    const found = measured(check, given);
    expect({ ...found, ...(found.value === undefined ? {} : { value: Math.round(found.value) }) }).toEqual(
      expected,
    );
  });
});
