// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { RevisionConfig } from './config.ts';
import { newContext } from './draft.ts';
import { FakeCluster } from './fake-cluster.ts';
import { worldOf } from './fake-world.ts';
import { because, readyPods } from './ready-pods.ts';
import type { RevisionFacts } from './types.ts';

const CLUSTER = new FakeCluster();
const CONTEXT = newContext(CLUSTER.canary, worldOf(CLUSTER), CLUSTER.now);

const REVISION: RevisionFacts = {
  revision: 'aaa',
  deployment: 'web-aaa',
  uid: 'u',
  createdAtMs: 0,
  template: 't',
  replicas: 3,
  available: 1,
  pods: 3,
  current: true,
  members: [],
};

const COPY: RevisionConfig = { kind: 'Secret', name: 'keys', copy: 'keys-aaa', state: 'there', content: 'x' };
const GONE: RevisionConfig = { kind: 'ConfigMap', name: 'app', copy: 'app-aaa', state: 'missing' };

describe('why pods do not get ready', () => {
  it.each<[string, RevisionFacts | undefined, string]>([
    ['of a revision that is not there, is not known', undefined, ''],
    ['that complain of nothing, is not known', REVISION, ''],
    ['with all of their config, is not known', { ...REVISION, config: [COPY] }, ''],
    ['is what they complain about', { ...REVISION, complaint: 'ImagePullBackOff' }, ' (ImagePullBackOff)'],
    ['is a copy that is gone', { ...REVISION, config: [COPY, GONE] }, ' (ConfigMap app-aaa is gone)'],
    ['is no copy that is yet to be made', { ...REVISION, config: [GONE], pods: 0 }, ''],
    [
      'is in their own words where they have some',
      {
        ...REVISION,
        config: [GONE],
        complaint: 'CreateContainerConfigError: configmap "app-aaa" not found',
      },
      ' (CreateContainerConfigError: configmap "app-aaa" not found)',
    ],
  ])('%s', (_what, revision, why) => {
    expect(because(revision)).toBe(why);
    expect(readyPods(CONTEXT, 2, revision, 'stable')).toBe(`2 ready stable pods${why}`);
  });

  it('counts one pod as one', () => {
    expect(readyPods(CONTEXT, 1, undefined)).toBe('1 ready canary pod');
  });
});
