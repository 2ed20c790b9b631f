// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../kube/objects.ts';
import { projectPod } from './pod-projection.ts';
import { podOf } from './test-objects.ts';

describe('what is kept of a pod', () => {
  const waiting = (reason?: string, message?: string) => ({
    state: { waiting: { ...(reason && { reason }), ...(message && { message }) } },
  });

  it.each([
    [{}, undefined],
    [{ containerStatuses: null }, undefined],
    [{ containerStatuses: [{ state: null }, { state: { running: {} } }] }, undefined],
    [{ containerStatuses: [waiting('ContainerCreating')] }, undefined],
    [{ containerStatuses: [waiting()] }, undefined],
    [{ containerStatuses: [waiting('ContainerCreating'), waiting('ImagePullBackOff')] }, 'ImagePullBackOff'],
    [{ containerStatuses: [waiting('CrashLoopBackOff')] }, 'CrashLoopBackOff'],
    [
      { containerStatuses: [waiting('CrashLoopBackOff', 'back-off 40s restarting failed container')] },
      'CrashLoopBackOff',
    ],
    [{ containerStatuses: [waiting('CreateContainerConfigError')] }, 'CreateContainerConfigError'],
    [
      { containerStatuses: [waiting('CreateContainerConfigError', 'secret "web-keys-aaa" not found')] },
      'CreateContainerConfigError: secret "web-keys-aaa" not found',
    ],
    [{ initContainerStatuses: null, containerStatuses: [waiting('PodInitializing')] }, undefined],
    [
      {
        initContainerStatuses: [{ state: { terminated: {} } }, waiting('ErrImagePull')],
        containerStatuses: [waiting('PodInitializing')],
      },
      'ErrImagePull',
    ],
  ])('with status %p is the complaint %p', (status, complaint) => {
    const pod = projectPod(podOf('aaa', 'web-aaa-1', status));
    expect(pod).toMatchObject({ name: 'web-aaa-1', namespace: 'shop', canary: 'web', revision: 'aaa' });
    expect(pod.complaint).toBe(complaint);
  });

  it('without labels or status is nothing but its name', () => {
    const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } };
    expect(projectPod(pod)).toEqual({
      name: 'x',
      namespace: '',
      uid: '',
      createdAtMs: 0,
      active: true,
      ready: false,
      serving: false,
      canary: '',
      revision: '',
    });
  });

  it.each([
    [{ conditions: [{ type: 'Ready', status: 'True' }] }, true],
    [{ conditions: [{ type: 'Ready', status: 'False' }] }, false],
    [{ conditions: [{ type: 'Initialized', status: 'True' }] }, false],
    [{ conditions: null }, false],
  ])('with status %p: ready is %p', (status, ready) => {
    expect(projectPod(podOf('aaa', 'a', status)).ready).toBe(ready);
  });

  it.each([
    ['runs', { phase: 'Running' }, undefined, true],
    ['has been evicted', { phase: 'Failed' }, undefined, false],
    ['is done', { phase: 'Succeeded' }, undefined, false],
    ['is about to end', { phase: 'Running' }, '2026-11-21T10:00:00Z', false],
  ])('that %s: active is told', (_what, status, deletionTimestamp, active) => {
    const pod = podOf('aaa', 'a', status);
    const metadata = { ...pod.metadata, ...(deletionTimestamp ? { deletionTimestamp } : {}) };
    expect(projectPod({ ...pod, metadata }).active).toBe(active);
  });

  it('is its node, its age, whether it may serve, and what it costs to end it', () => {
    const pod = podOf('aaa', 'a');
    const annotations = {
      'controller.kubernetes.io/pod-deletion-cost': '-2147483648',
      'headway.dev/pod-deletion-cost-before': '7',
      other: 'x',
    };
    const labels = { ...pod.metadata.labels, 'headway.dev/serving': 'false' };
    const metadata = { ...pod.metadata, annotations, labels, creationTimestamp: '2026-11-21T10:00:00Z' };
    expect(projectPod({ ...pod, metadata, spec: { nodeName: 'node-1', containers: [] } })).toMatchObject({
      uid: 'uid-a',
      node: 'node-1',
      createdAtMs: Date.parse('2026-11-21T10:00:00Z'),
      serving: false,
      cost: '-2147483648',
      costBefore: '7',
    });
    expect(projectPod(pod).serving).toBe(true);
  });
});
