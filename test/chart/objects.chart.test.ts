// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { installFile } from '../../scripts/chart/install-file.ts';
import { helmTemplate } from './helm.ts';
import { namesOf, objectsIn, one, render } from './rendered.ts';

const root = resolve(import.meta.dirname, '../..');
const KEEP = 'helm.sh/resource-policy';

describe('the CRDs', () => {
  const files = readdirSync(resolve(root, 'crds'));

  it.each(files)('%s is rendered as it is, and kept', async (file) => {
    const [wanted] = objectsIn(readFileSync(resolve(root, 'crds', file), 'utf8'));
    if (wanted === undefined) throw new Error(`${file} is empty`);
    const made = one(await render(), 'CustomResourceDefinition', wanted.metadata.name);
    expect(made.spec).toEqual(wanted.spec);
    expect(made.metadata).toMatchObject({ ...wanted.metadata, annotations: { [KEEP]: 'keep' } });
  });

  it('go with the release where that is asked for', async () => {
    const objects = await render({ values: { crds: { keep: false } } });
    const crds = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
    expect(crds).toHaveLength(files.length);
    for (const { metadata } of crds) expect(metadata.annotations).toBeUndefined();
  });

  it('can be left to somebody else', async () => {
    const names = namesOf(await render({ values: { crds: { enabled: false } } }));
    expect(names.filter((name) => name.startsWith('CustomResourceDefinition'))).toEqual([]);
  });
});

describe('by default', () => {
  it('there is this, and nothing else', async () => {
    const names = namesOf(await render()).filter((name) => !/^(Custom|ClusterRole|Role)/.test(name));
    expect(names.toSorted()).toEqual([
      'Deployment headway in headway-system',
      'NetworkPolicy headway in headway-system',
      'PodDisruptionBudget headway in headway-system',
      'Service headway-metrics in headway-system',
      'ServiceAccount headway in headway-system',
    ]);
  });

  it('one of two replicas may be drained at a time', async () => {
    const objects = await render();
    expect(one(objects, 'Deployment').spec).toMatchObject({
      replicas: 2,
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    });
    expect(one(objects, 'PodDisruptionBudget').spec).toMatchObject({ maxUnavailable: 1 });
  });

  it.each(['Deployment', 'PodDisruptionBudget', 'Service', 'NetworkPolicy'])(
    '%s chooses the pods',
    async (kind) => {
      const objects = await render();
      const { spec } = one(objects, kind);
      const { labels } = one(objects, 'Deployment').spec.template.metadata;
      const selector = spec.podSelector ?? spec.selector;
      expect(labels).toMatchObject(selector.matchLabels ?? selector);
    },
  );
});

describe('the NetworkPolicy', () => {
  it('lets in what asks for health and metrics, and lets out everything', async () => {
    const { policyTypes, ingress, egress } = one(await render(), 'NetworkPolicy').spec;
    expect(policyTypes).toEqual(['Ingress']);
    expect(ingress).toEqual([8081, 8080].map((port) => ({ ports: [{ protocol: 'TCP', port }] })));
    expect(egress).toBeUndefined();
  });

  it('can limit both', async () => {
    const from = [{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }];
    const outside = { to: [{ ipBlock: { cidr: '192.0.2.7/32' } }] };
    const apiServer = { cidrs: ['10.0.0.1/32'], ports: [6443] };
    const values = {
      networkPolicy: { metricsFrom: from, egress: { enabled: true, apiServer, extra: [outside] } },
    };
    const { policyTypes, ingress, egress } = one(await render({ values }), 'NetworkPolicy').spec;
    expect(policyTypes).toEqual(['Ingress', 'Egress']);
    expect(ingress[1]).toEqual({ ports: [{ protocol: 'TCP', port: 8080 }], from });
    expect(egress).toEqual([
      { ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 })) },
      { ports: [{ protocol: 'TCP', port: 6443 }], to: [{ ipBlock: { cidr: '10.0.0.1/32' } }] },
      { to: [{ namespaceSelector: {} }] },
      outside,
    ]);
  });
});

describe('deploy/install.yaml', () => {
  const file = readFileSync(resolve(root, 'deploy/install.yaml'), 'utf8');

  it('is what Helm makes of the chart', async () => {
    expect(file === (await installFile()) ? '' : 'it is not; run: make install-file').toBe('');
  });

  it('has a namespace that holds pods to `restricted`, and says nothing of Helm', () => {
    const [namespace] = objectsIn(file);
    expect(namespace?.metadata).toEqual({
      name: 'headway-system',
      labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
    });
    expect(file).not.toMatch(/helm\.sh\/chart|managed-by|templates\//);
  });

  it('has every object of the chart', async () => {
    const made = objectsIn(await helmTemplate());
    expect(namesOf(objectsIn(file)).slice(1)).toEqual(namesOf(made));
  });
});
