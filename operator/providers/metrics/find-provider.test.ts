// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { MetricsProviderSpec } from '../../api/metrics-provider.ts';
import type { CheckQuery } from '../../engine/analysis/query-types.ts';
import type { HttpRequest } from '../../kube/http.ts';
import { createFindProvider } from './find-provider.ts';

const asked: HttpRequest[] = [];
const http = {
  fetchText: (request: HttpRequest) => {
    asked.push(request);
    return Promise.resolve({ status: 500, body: '' });
  },
};

function queryOf(provider: string): CheckQuery {
  return { key: provider, provider, expression: 'up', intervalMs: 1000 };
}

function spec(fields: object = {}) {
  return {
    spec: MetricsProviderSpec.parse({ type: 'Prometheus', address: 'http://prometheus:9090', ...fields }),
  };
}

describe('createFindProvider', () => {
  const find = createFindProvider((name) => {
    if (name === 'open') return spec({ timeout: '3s' });
    if (name === 'shop-only') return spec({ allowedNamespaces: ['shop', 'stage'] });
    if (name === 'nobody') return spec({ allowedNamespaces: [] });
    return name === 'broken' ? { problem: 'address: must be http:// or https://' } : undefined;
  }, http);

  it.each([
    ['open', 'shop', 3000],
    ['open', 'any', 3000],
    ['shop-only', 'stage', 10_000],
  ])('%s for %s may be asked, for %d ms', (name, namespace, timeoutMs) => {
    expect(find(queryOf(name), namespace)).toMatchObject({ timeoutMs });
  });

  it.each([
    ['shop-only', 'other', 'not-allowed', 'MetricsProvider shop-only does not allow namespace other'],
    ['nobody', 'shop', 'not-allowed', 'MetricsProvider nobody does not allow namespace shop'],
    ['missing', 'shop', 'not-found', 'there is no MetricsProvider missing'],
    [
      'broken',
      'shop',
      'not-found',
      'MetricsProvider broken is invalid: address: must be http:// or https://',
    ],
  ])('%s for %s: %s', (name, namespace, kind, detail) => {
    expect(find(queryOf(name), namespace)).toEqual({ problem: { kind, detail } });
  });

  it('asks at the address of the provider', async () => {
    const found = find(queryOf('open'), 'shop');
    if ('provider' in found) await found.provider.query('up', { timeoutMs: 1000 });
    expect(asked.map(({ url }) => url)).toEqual(['http://prometheus:9090/api/v1/query']);
  });
});
