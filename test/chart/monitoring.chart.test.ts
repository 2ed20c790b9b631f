// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { programFolder } from '../cluster/node/go-parts.ts';
import { run } from '../cluster/shell.ts';
import { chartDir } from './helm.ts';
import { MONITORING, namesOf, one, render } from './rendered.ts';

const enabled = { enabled: true };
const rulesFile = join(chartDir, 'rules/headway.yaml');

describe('the alerts, by promtool', () => {
  let promtool: string;
  beforeAll(async () => {
    promtool = join(await programFolder('prometheus'), 'promtool');
  });

  it('can be read', async () => {
    expect(await run(promtool, ['check', 'rules', '--lint=all', '--lint-fatal', rulesFile])).toContain(
      'SUCCESS',
    );
  });

  it('fire when they should, and only then', async () => {
    const tests = resolve(import.meta.dirname, 'rules/headway.test.yaml');
    expect(await run(promtool, ['test', 'rules', tests])).toContain('SUCCESS');
  });
});

describe('what needs the Prometheus Operator', () => {
  const skip = { enabled: true, mode: 'skip' };

  it('is left out with mode skip where the cluster does not know it', async () => {
    const values = { monitoring: { serviceMonitor: skip, prometheusRule: skip } };
    const names = namesOf(await render({ values }));
    expect(names.filter((name) => /^(ServiceMonitor|PrometheusRule)/.test(name))).toEqual([]);
  });

  it('is made where it does, in either mode', async () => {
    for (const mode of [skip, enabled]) {
      const values = { monitoring: { serviceMonitor: mode, prometheusRule: mode } };
      const objects = await render({ values, apiVersions: MONITORING });
      expect([one(objects, 'ServiceMonitor'), one(objects, 'PrometheusRule')]).toHaveLength(2);
    }
  });
});

describe('the ServiceMonitor', () => {
  it('scrapes every replica, and leaves the namespace of a Canary as it is', async () => {
    const values = {
      monitoring: { serviceMonitor: { ...enabled, namespace: 'monitoring', labels: { release: 'p' } } },
    };
    const objects = await render({ values, apiVersions: MONITORING });
    const monitor = one(objects, 'ServiceMonitor');
    const service = one(objects, 'Service');
    expect(monitor.metadata).toMatchObject({ namespace: 'monitoring', labels: { release: 'p' } });
    expect(service.metadata.labels).toMatchObject(monitor.spec.selector.matchLabels);
    expect(monitor.spec.namespaceSelector.matchNames).toEqual([service.metadata.namespace]);
    expect(monitor.spec.endpoints).toMatchObject([{ port: service.spec.ports[0].name, honorLabels: true }]);
    expect(service.spec.clusterIP).toBe('None');
  });
});

describe('the PrometheusRule', () => {
  it('has the alerts of the file, and what the values add', async () => {
    const { groups } = parse(readFileSync(rulesFile, 'utf8'));
    const values = {
      monitoring: {
        prometheusRule: { ...enabled, alertLabels: { team: 'platform' }, runbookUrl: 'https://wiki/headway' },
      },
    };
    const { spec } = one(await render({ values, apiVersions: MONITORING }), 'PrometheusRule');
    expect(spec.groups).toEqual(
      groups.map(
        ({
          name,
          rules,
        }: {
          name: string;
          rules: { alert: string; labels: object; annotations: object }[];
        }) => ({
          name,
          rules: rules.map((rule) => ({
            ...rule,
            labels: { ...rule.labels, team: 'platform' },
            annotations: {
              ...rule.annotations,
              runbook_url: `https://wiki/headway#${rule.alert.toLowerCase()}`,
            },
          })),
        }),
      ),
    );
  });
});

describe('the dashboard', () => {
  it('is the file, where the sidecar of Grafana finds it', async () => {
    const objects = await render({ values: { monitoring: { dashboard: enabled } } });
    const { metadata, data } = one(objects, 'ConfigMap');
    expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    const file = readFileSync(join(chartDir, 'files/dashboards/headway.json'), 'utf8');
    expect(JSON.parse(data['headway.json'])).toEqual(JSON.parse(file));
  });
});
