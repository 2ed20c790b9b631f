// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { apiVersionOf, resources } from '../../../operator/kube/resources.ts';
import { createRandom } from '../random.ts';
import { Timeline } from '../timeline.ts';
import { ApiServer } from './server.ts';

const metadata = { namespace: 'shop', name: 'web' };

describe.each(['canaries', 'blueGreens', 'deployments'] as const)('an apply of %s', (kind) => {
  const resource = resources[kind];
  const by = (manager: string) => ({ actor: manager, verb: 'apply', resource, manager }) as const;
  const object = (more: object): KubeObject => ({
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata,
    ...more,
  });

  function serverWith(live: object): ApiServer {
    const server = new ApiServer(new Timeline(createRandom('apply')));
    server.create({ ...by('headway'), verb: 'create' }, object(live));
    return server;
  }

  it('leaves the status, the finalizers and the labels of others alone', () => {
    const live = {
      metadata: { ...metadata, finalizers: ['a/b'], labels: { a: '1' } },
      status: { phase: 'Healthy' },
    };
    const server = serverWith({ ...live, spec: { replicas: 1 } });
    const sent = { metadata: { ...metadata, labels: { b: '2' } }, spec: { replicas: 2 } };
    expect(server.apply(by('flux'), sent)).toMatchObject({
      metadata: { finalizers: ['a/b'], labels: { a: '1', b: '2' }, generation: 2 },
      spec: { replicas: 2 },
      status: { phase: 'Healthy' },
    });
  });

  it('takes back what the same manager applied before and no longer does', () => {
    const server = serverWith({ spec: { kept: 1 } });
    server.apply(by('flux'), { metadata, spec: { paused: true } });
    expect(server.apply(by('flux'), { metadata, spec: {} })['spec']).toEqual({ kept: 1 });
  });

  it('that changes nothing stores nothing', () => {
    const server = serverWith({ spec: { replicas: 1 } });
    server.apply(by('flux'), { metadata, spec: { replicas: 1 } });
    expect(server.changes(resource)).toHaveLength(1);
  });
});
