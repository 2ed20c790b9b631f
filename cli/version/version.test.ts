// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { version } from '../../operator/version.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { forbidden, startTestApi, type TestApi } from '../test-api.ts';
import { runLine } from '../test-io.ts';

let api: TestApi;

beforeEach(async () => {
  api = await startTestApi();
});

afterEach(() => api.close());

function operator(labels: Record<string, string>, image = 'ghcr.io/example/headway:0.3.0'): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'headway', namespace: 'headway-system', labels },
    spec: { template: { spec: { containers: [{ image }] } } },
  };
}

function ask(...words: readonly string[]) {
  return runLine(['version', ...words, '--kubeconfig', api.kubeconfig]);
}

describe('version', () => {
  it('--client asks nobody', async () => {
    expect(await ask('--client')).toEqual({ code: 0, out: `plugin    ${version}\n`, err: '' });
    expect(api.calls).toEqual([]);
  });

  it.each([
    [{ 'app.kubernetes.io/version': '0.2.0' }, '0.2.0 (Deployment headway-system/headway)'],
    [{}, 'ghcr.io/example/headway:0.3.0 (Deployment headway-system/headway)'],
  ])('of the operator is that of the label, or of the image: %j', async (labels, line) => {
    api.put(operator(labels));
    expect((await ask()).out).toBe(`plugin    ${version}\noperator  ${line}\n`);
    expect(api.calls[0]?.query.get('labelSelector')).toBe('app.kubernetes.io/name=headway');
  });

  it('says where there is no operator', async () => {
    expect((await ask()).out).toMatch(/operator {2}not found: no Deployment has the label /);
  });

  it('looks where the operator usually is when it may not look everywhere', async () => {
    api.put(operator({}));
    api.refuse(({ namespace }) => (namespace === undefined ? forbidden('list', 'deployments') : undefined));
    expect((await ask()).out).toMatch(/Deployment headway-system\/headway/);
  });

  it('is no error where nobody may look, or there is no cluster', async () => {
    api.refuse(() => forbidden('list', 'deployments'));
    const { code, out } = await ask();
    expect(code).toBe(0);
    expect(out).toMatch(
      /operator {2}not known: no permission to list deployments\.apps in namespace headway-system/,
    );
    const nowhere = await runLine(['version', '--kubeconfig', '/nowhere']);
    expect(nowhere.code).toBe(0);
    expect(nowhere.out).toMatch(/operator {2}not known: cannot read the kubeconfig \/nowhere/);
  });

  it('takes no words', async () => {
    expect((await ask('all')).code).toBe(2);
  });
});
