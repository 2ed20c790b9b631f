// SPDX-License-Identifier: Apache-2.0
// The image as a user runs it: a pod in a namespace that admits nothing but the Pod Security Standard `restricted`.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { version } from '../../../operator/version.ts';
import { entrypoint, environment, imagePaths } from '../../../scripts/bundle/launch.ts';
import { operatorPod, operatorPodNamespace, operatorPorts } from '../../cluster/operator-pod.ts';
import { applyObjects, kubectl } from '../support/kubectl.ts';
import { waitFor } from '../support/wait.ts';

const pod = 'image-story';
const served = 'e2e-image-story';
const args = [`--namespaces=${served}`, `--leader-election-name=${pod}`];
const inOperators = [`--namespace=${operatorPodNamespace}`];
const minuteMs = 60_000;

/** Looks at the operator, process 1 of the pod, with the only program that the image has. */
const LOOK = `
  const { readFileSync, writeFileSync } = require('node:fs');
  const status = Object.fromEntries(
    readFileSync('/proc/1/status', 'utf8').trim().split('\\n').map((line) => line.split(/:\\s*/)));
  const write = (path) => { try { writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; } };
  JSON.stringify({
    uid: status.Uid.split('\\t'), gid: status.Gid.split('\\t'),
    capabilities: [status.CapPrm, status.CapEff, status.CapBnd, status.CapAmb].map((set) => parseInt(set, 16)),
    noNewPrivileges: status.NoNewPrivs, seccomp: status.Seccomp,
    command: readFileSync('/proc/1/cmdline', 'utf8').split('\\0').slice(0, -1),
    environment: readFileSync('/proc/1/environ', 'utf8').split('\\0'),
    writes: ['/x', '/tmp/x', '/home/nonroot/x'].map(write),
  })`;

async function execInPod(...command: string[]): Promise<string> {
  return kubectl(['exec', pod, ...inOperators, '--', ...command]);
}

async function podField(path: string): Promise<string> {
  return kubectl(['get', 'pod', pod, ...inOperators, `--output=jsonpath={${path}}`]);
}

async function explain(): Promise<string> {
  const described = await kubectl(['describe', 'pod', pod, ...inOperators]);
  // A container that never started has none.
  const log = await kubectl(['logs', pod, ...inOperators, '--tail=20']).catch(String);
  return `${described}\n${log}`;
}

describe('the image of the operator', () => {
  beforeAll(async () => {
    await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: served } }]);
    await applyObjects([operatorPod({ name: pod, image: `localhost/headway:${version}`, args })]);
    await waitFor({
      what: 'the pod to be ready',
      withinMs: minuteMs,
      probe: async () =>
        (await podField('.status.containerStatuses[0].ready')) === 'true' ? true : undefined,
      explain,
    });
  }, 2 * minuteMs);
  afterAll(async () => {
    await kubectl(['delete', 'pod', pod, ...inOperators, '--ignore-not-found', '--now']);
    await kubectl(['delete', 'namespace', served, '--ignore-not-found', '--wait=false']);
  }, minuteMs);

  it('runs as nobody, without a capability, on a root that nobody can write to', async () => {
    const seen: unknown = JSON.parse(await execInPod(imagePaths.node, '--print', LOOK));
    const nobody = Array(4).fill('65532');
    expect(seen).toMatchObject({
      uid: nobody,
      gid: nobody,
      capabilities: [0, 0, 0, 0],
      noNewPrivileges: '1',
      seccomp: '2',
      writes: Array(3).fill('EROFS'),
    });
  });

  it('is started with the settings of the bundle, and the flags of the pod after them', async () => {
    const seen = JSON.parse(await execInPod(imagePaths.node, '--print', LOOK)) as Record<string, string[]>;
    expect(seen['command']).toEqual([...entrypoint(), ...args]);
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    expect(seen['environment']).toEqual(expect.arrayContaining(variables));
  });

  it.each(['/bin/sh', '/bin/bash', '/usr/bin/env', '/usr/bin/npm'])('has no %s', async (program) => {
    await expect(execInPod(program, '--version')).rejects.toThrow(/no such file or directory/i);
  });

  it('says what it is made of', async () => {
    const read = (file: string): Promise<string> =>
      execInPod(
        imagePaths.node,
        '--print',
        `require('node:fs').readFileSync('${imagePaths.docs}/${file}', 'utf8')`,
      );
    expect(JSON.parse(await read('headway.cdx.json'))).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'headway', version } },
    });
    expect(await read('THIRD-PARTY-LICENSES.txt')).toContain('Permission is hereby granted, free of charge');
  });

  it(
    'does its work: leads, and says what a Canary waits for',
    async () => {
      await applyObjects([
        {
          apiVersion: 'headway.dev/v1alpha1',
          kind: 'Canary',
          metadata: { name: 'shop', namespace: served },
          spec: {
            targetRef: { kind: 'Deployment', name: 'shop' },
            service: { name: 'shop' },
            weights: [50],
            interval: '1s',
          },
        },
      ]);
      const observed = [
        'get',
        'canary',
        'shop',
        `--namespace=${served}`,
        '--output=jsonpath={.status.observedGeneration}',
      ];
      await waitFor({
        what: 'the Canary to be looked at',
        withinMs: minuteMs,
        probe: async () => ((await kubectl(observed)) === '1' ? true : undefined),
        explain,
      });
      const address = `http://${await podField('.status.podIP')}:${operatorPorts.metrics}/metrics`;
      const metrics = await (await fetch(address, { signal: AbortSignal.timeout(5_000) })).text();
      expect(metrics).toMatch(/^headway_leader 1$/m);
      expect(await podField('.status.containerStatuses[0].restartCount')).toBe('0');
    },
    2 * minuteMs,
  );

  it(
    'ends at once when it is told to, as process 1 too, and gives its Lease back',
    async () => {
      await kubectl(['delete', 'pod', pod, ...inOperators, '--wait=true']);
      const holder = ['get', 'lease', pod, ...inOperators, '--output=jsonpath={.spec.holderIdentity}'];
      expect(await kubectl(holder)).toBe('');
    },
    minuteMs,
  );
});
