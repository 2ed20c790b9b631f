// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import type { z } from 'zod';
import { AnalysisTemplateSpec } from '../api/analysis.ts';
import { MetricsProviderSpec } from '../api/metrics-provider.ts';
import { BlueGreenSpec } from '../api/blue-green.ts';
import { CanarySpec } from '../api/canary.ts';
import type { Traffic } from '../api/traffic.ts';
import { API_VERSION } from '../api/group.ts';

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  spec?: unknown;
  rules?: Rule[];
}

const root = resolve(import.meta.dirname, '../..');

function manifestsIn(file: string): Manifest[] {
  return parseAllDocuments(readFileSync(resolve(root, file), 'utf8')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
}

/** One line for each verb on each resource. */
function grantsOf(rules: readonly Rule[]): string[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => `${verb} ${group === '' ? resource : `${resource}.${group}`}`),
      ),
    ),
  );
}

describe('deploy/rbac.yaml', () => {
  const manifests = manifestsIn('deploy/rbac.yaml');
  const rulesOf = (kind: string, name: string): Rule[] =>
    manifests.find((each) => each.kind === kind && each.metadata.name === name)?.rules ?? [];
  const operator = grantsOf(rulesOf('ClusterRole', 'headway'));

  it('grants the operator exactly this in all namespaces', () => {
    expect(operator.toSorted()).toEqual(
      [
        ...['get', 'list', 'watch', 'create', 'patch', 'delete'].flatMap((verb) => [
          `${verb} deployments.apps`,
          `${verb} services`,
          `${verb} ingresses.networking.k8s.io`,
        ]),
        ...['list', 'watch', 'create', 'patch', 'delete'].map(
          (verb) => `${verb} destinationrules.networking.istio.io`,
        ),
        ...['get', 'list', 'watch', 'create', 'patch'].map(
          (verb) => `${verb} httproutes.gateway.networking.k8s.io`,
        ),
        ...['get', 'list', 'watch', 'patch'].map((verb) => `${verb} grpcroutes.gateway.networking.k8s.io`),
        ...['get', 'list', 'watch', 'patch'].map((verb) => `${verb} traefikservices.traefik.io`),
        ...['get', 'list', 'watch', 'patch'].map((verb) => `${verb} virtualservices.networking.istio.io`),
        'list endpointslices.discovery.k8s.io',
        'watch endpointslices.discovery.k8s.io',
        ...['get', 'list', 'watch', 'create'].map((verb) => `${verb} configmaps`),
        'list pods',
        'watch pods',
        'patch pods',
        'get pods/log',
        'get cronjobs.batch',
        ...['get', 'list', 'create', 'delete'].map((verb) => `${verb} jobs.batch`),
        'list replicasets.apps',
        ...['canaries', 'bluegreens'].flatMap((plural) => [
          ...['get', 'list', 'watch', 'patch'].map((verb) => `${verb} ${plural}.headway.dev`),
          `patch ${plural}/status.headway.dev`,
          `update ${plural}/finalizers.headway.dev`,
        ]),
        ...['list', 'watch'].flatMap((verb) => [
          `${verb} analysistemplates.headway.dev`,
          `${verb} metricsproviders.headway.dev`,
        ]),
        'create events.events.k8s.io',
        'patch events.events.k8s.io',
      ].toSorted(),
    );
    expect(new Set(operator).size).toBe(operator.length);
  });

  it('leaves Secrets to those who bind a role of their own', () => {
    expect(operator.filter((grant) => grant.includes('secrets'))).toEqual([]);
    expect(grantsOf(rulesOf('ClusterRole', 'headway-config-secrets'))).toEqual([
      'get secrets',
      'create secrets',
    ]);
    const bound = manifests.filter(({ kind }) => kind.endsWith('Binding'));
    expect(JSON.stringify(bound)).not.toContain('headway-config-secrets');
  });

  it('grants Leases in its own namespace only', () => {
    expect(grantsOf(rulesOf('Role', 'headway-leader-election'))).toEqual(
      ['get', 'create', 'update'].map((verb) => `${verb} leases.coordination.k8s.io`),
    );
    expect(operator.filter((grant) => grant.includes('leases'))).toEqual([]);
  });

  it('lets nobody who edits a namespace write a status or a MetricsProvider', () => {
    const people = grantsOf([
      ...rulesOf('ClusterRole', 'headway-view'),
      ...rulesOf('ClusterRole', 'headway-edit'),
    ]);
    const writes = people.filter((grant) => !/^(get|list|watch) /.test(grant));
    expect(writes).toContain('patch canaries.headway.dev');
    expect(writes.filter((grant) => /status|metricsproviders|finalizers/.test(grant))).toEqual([]);
  });

  it('has no wildcard anywhere', () => {
    for (const { rules = [] } of manifests) expect(JSON.stringify(rules)).not.toContain('*');
  });
});

const SPECS: Readonly<Record<string, z.ZodType>> = {
  BlueGreen: BlueGreenSpec,
  Canary: CanarySpec,
  AnalysisTemplate: AnalysisTemplateSpec,
  MetricsProvider: MetricsProviderSpec,
};

describe('examples/', () => {
  const files = readdirSync(resolve(root, 'examples')).filter((file) => file.endsWith('.yaml'));

  it('has one for each way to begin, and for each that asks for more than a field', () => {
    expect(files).toEqual([
      'analysis-template.yaml',
      'blue-green-gateway.yaml',
      'blue-green.yaml',
      'canary-alb.yaml',
      'canary-autoscaled.yaml',
      'canary-bake.yaml',
      'canary-config.yaml',
      'canary-gateway.yaml',
      'canary-ingress.yaml',
      'canary-istio.yaml',
      'canary-managed.yaml',
      'canary-probes.yaml',
      'canary-service.yaml',
      'canary-traefik.yaml',
      'metrics-provider.yaml',
      'quickstart.yaml',
    ]);
  });

  it.each(files)('%s says nothing that zod refuses or drops', (file) => {
    const ours = manifestsIn(`examples/${file}`).filter(({ apiVersion }) => apiVersion === API_VERSION);
    expect(ours.length).toBe(1);
    for (const { kind, spec } of ours) {
      const schema = SPECS[kind];
      expect(schema?.safeParse(spec)).toMatchObject({ success: true, data: spec });
    }
  });

  const all = files.flatMap((file) => manifestsIn(`examples/${file}`));
  const names = new Set(all.map(({ kind, metadata }) => `${kind}/${metadata.name}`));

  it.each([
    [/"templateRef":\{"name":"([^"]+)"/g, 'AnalysisTemplate'],
    [/"cronJobRef":\{"name":"([^"]+)"/g, 'CronJob'],
    [/"provider":"([^"]+)"/g, 'MetricsProvider'],
  ])('%s names only what is in the examples', (reference, kind) => {
    const text = JSON.stringify(all.map(({ spec }) => spec));
    const found = [...text.matchAll(reference)];
    expect(found).not.toEqual([]);
    for (const [, name] of found) expect(names).toContain(`${kind}/${name}`);
  });

  it('names only objects that are in the examples', () => {
    const parsed = all.flatMap(({ kind, spec }): (CanarySpec | BlueGreenSpec)[] => {
      if (kind === 'Canary') return [CanarySpec.parse(spec)];
      return kind === 'BlueGreen' ? [BlueGreenSpec.parse(spec)] : [];
    });
    for (const { targetRef, service, traffic } of parsed) {
      expect(names).toContain(`Deployment/${targetRef.name}`);
      expect(names).toContain(`Service/${service.name}`);
      for (const route of traffic ? routesOf(traffic) : []) expect(names).toContain(route);
    }
  });

  function routesOf({ ingress, alb, gateway, istio, traefik }: Traffic): string[] {
    return [
      ...(ingress ? [`Ingress/${ingress.name}`] : []),
      ...(alb ? [`Ingress/${alb.ingress}`] : []),
      ...(gateway?.routes ?? []).map(({ kind, name }) => `${kind}/${name}`),
      ...(istio?.virtualServices ?? []).map(({ name }) => `VirtualService/${name}`),
      ...(traefik ? [`TraefikService/${traefik.service}`] : []),
    ];
  }
});
