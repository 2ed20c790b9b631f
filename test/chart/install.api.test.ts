// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DEADLINE_MS,
  kubectl,
  openTestServer,
  run,
  type TestServer,
  waitFor,
} from '../../operator/crd/test-server.ts';
import { installMonitoringCrds } from '../cluster/monitoring-crds.ts';
import { fencesOf, readPage } from '../docs/markdown.ts';
import { here, helmInstall, helmRollback, helmTemplate, helmUninstall, helmUpgrade } from './helm.ts';
import { MONITORING, objectsIn, one } from './rendered.ts';

const ON = { enabled: true };
const EVERYTHING = {
  networkPolicy: { egress: ON },
  monitoring: { serviceMonitor: ON, prometheusRule: ON, dashboard: ON },
};

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await openTestServer();
  folder = mkdtempSync(join(tmpdir(), 'headway-install-'));
  await installMonitoringCrds(kubectl);
}, 2 * DEADLINE_MS);

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

async function dryRun(yaml: string) {
  const file = join(folder, 'manifests.yaml');
  writeFileSync(file, yaml);
  const args = [
    'apply',
    '--server-side',
    '--force-conflicts',
    '--dry-run=server',
    '--validate=strict',
    '-f',
    file,
  ];
  return run('kubectl', args);
}

describe('the API server', () => {
  it.each<[string, () => object]>([
    ['the defaults', () => ({})],
    ['everything on', () => EVERYTHING],
    [
      'everything on, in some namespaces',
      () => ({
        ...EVERYTHING,
        scope: 'Namespaced',
        namespaces: [server.namespace],
        rbac: { configSecrets: { namespaces: [server.namespace] } },
      }),
    ],
  ])('takes every object of the chart with %s, without a warning', async (_, values) => {
    const yaml = await helmTemplate({
      namespace: server.namespace,
      values: values(),
      apiVersions: MONITORING,
    });
    const { stdout, stderr } = await dryRun(yaml);
    expect(stdout.trim().split('\n')).toHaveLength(objectsIn(yaml).length);
    expect(stderr).toBe('');
  });

  it('takes the pod where Pod Security is restricted', async () => {
    const { namespace } = server;
    await kubectl(['label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted']);
    await kubectl(['create', 'serviceaccount', 'headway', '-n', namespace]);
    const { template } = one(objectsIn(await helmTemplate({ namespace })), 'Deployment').spec;
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'headway', namespace },
      spec: template.spec,
    };
    const refused = JSON.stringify({ ...pod, spec: { ...pod.spec, hostNetwork: true } });
    expect((await dryRun(JSON.stringify(pod))).stdout).toContain('pod/headway');
    await expect(dryRun(refused)).rejects.toThrow(/violates PodSecurity "restricted/);
  });
});

describe('the kustomization that docs/install.md shows', () => {
  const deploy = resolve(import.meta.dirname, '../../deploy');
  const [shown = ''] = fencesOf(readPage('docs/install.md'))
    .map(({ text }) => text)
    .filter((text) => text.includes('kind: Kustomization'));

  it('is taken by the API server in another namespace, with its image and its patch, and nothing stays behind', async () => {
    const place = mkdtempSync(join(folder, 'kustomize-'));
    const base = shown.replace(/github\.com\S+/, relative(place, deploy));
    writeFileSync(join(place, 'kustomization.yaml'), `${base}namespace: ${server.namespace}\n`);
    const yaml = await kubectl(['kustomize', place]);
    const { spec } = one(objectsIn(yaml), 'Deployment');
    expect(spec).toMatchObject({ replicas: 3 });
    expect(spec.template.spec.containers[0].image).toMatch(/^registry\.example\/headway:/);
    expect(yaml).not.toMatch(/namespace: "?headway-system|=headway-system/);
    const { stdout } = await dryRun(yaml);
    expect(stdout.trim().split('\n')).toHaveLength(objectsIn(yaml).length);
  });
});

describe('a release of Helm', () => {
  const place = () => ({ name: 'life', namespace: server.namespace, takeOwnership: true });

  async function get(path: string, of: string): Promise<string> {
    const args = ['get', of, '-n', server.namespace, '--ignore-not-found', `-o=jsonpath=${path}`];
    return kubectl(args);
  }
  const argumentsOf = () => get('{.spec.template.spec.containers[0].args}', 'deployment/life-headway');

  it(
    'is installed, upgraded, taken back and uninstalled; the CRDs stay',
    async () => {
      await helmInstall(here, { ...place(), values: { operator: { workers: 3 } } });
      expect(await argumentsOf()).toContain('--workers=3');

      await helmUpgrade(here, {
        ...place(),
        values: { operator: { workers: 5 }, scope: 'Namespaced', namespaces: [server.namespace] },
      });
      expect(await argumentsOf()).toContain('--workers=5');
      expect(await get('{.metadata.name}', 'clusterrole/life-headway')).toBe('');

      await helmRollback(here, 1, place());
      expect(await argumentsOf()).toContain('--workers=3');
      expect(await get('{.metadata.name}', 'clusterrole/life-headway')).toBe('life-headway');

      await helmUninstall(here, place());
      await waitFor('the Deployment gone', async () => ((await argumentsOf()) === '' ? true : undefined));
      expect(await get('{.metadata.name}', 'clusterrole/life-headway')).toBe('');
      expect(await get('{.metadata.name}', 'crd/canaries.headway.dev')).toBe('canaries.headway.dev');
    },
    4 * DEADLINE_MS,
  );

  it(
    'fits into its Secret many times',
    async () => {
      await helmInstall(here, { ...place(), name: 'size', values: EVERYTHING });
      try {
        const [encoded = ''] = (await get('{.items[*].data.release}', 'secret')).split(' ');
        const bytes = Buffer.from(encoded, 'base64').length;
        console.log(`the Secret of a release has ${bytes} bytes; the limit is 1,048,576`);
        expect(bytes).toBeGreaterThan(10_000);
        expect(bytes).toBeLessThan(300_000);
      } finally {
        await helmUninstall(here, { ...place(), name: 'size' });
      }
    },
    4 * DEADLINE_MS,
  );

  it('that is refused says so in the words of helm', async () => {
    await expect(helmInstall(here, { ...place(), values: { scope: 'Namespaced' } })).rejects.toThrow(
      /^helm install: .*scope is Namespaced, but namespaces is empty/s,
    );
  });
});
