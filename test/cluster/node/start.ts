// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installGatewayApi } from '../gateway-api.ts';
import type { Kubectl } from '../established.ts';
import { run } from '../shell.ts';
import { installTraefikCrds } from '../traefik-crds.ts';
import type { Profile } from '../types.ts';
import { groupsOf, userNames } from '../users.ts';
import { createCertificates, frontProxyClient, type Identity, serverIdentities } from './certificates.ts';
import { createCgroups } from './cgroups.ts';
import { configPath, writeConfigFiles } from './config-files.ts';
import { metricsApiProbe, namespaceProbe, nodeProbe } from './health.ts';
import { kubeconfigPath, writeCertificateKubeconfig } from './kubeconfig.ts';
import { type Layout, nodeName } from './layout.ts';
import { createMountNamespace } from './mounts.ts';
import { createNetwork } from './network.ts';
import type { Part } from './part.ts';
import { partsOf } from './parts.ts';
import { launchPart, waitForProbes } from './run-parts.ts';
import { writeState } from './state.ts';

interface Plan {
  profile: Profile;
  programFolders: string[];
}

/** Starts a cluster where there is no trace of it, and waits until it is ready to use. */
export async function start(layout: Layout, plan: Plan): Promise<void> {
  mkdirSync(layout.runDir, { recursive: true });
  writeState(layout, plan);
  mkdirSync(join(layout.stateDir, 'logs'));
  mkdirSync(dirname(layout.auditLogPath));
  createCgroups(layout);
  await Promise.all([createNetwork(layout), createIdentities(layout)]);
  writeConfigFiles(layout, plan.profile);
  const parts = partsOf(layout, plan.profile);
  const waves = Map.groupBy(parts, waveOf);
  if (plan.profile === 'node') {
    await createMountNamespace(layout);
  }
  await startAll(layout, plan, waves.get(1));
  await Promise.all([
    startAll(layout, plan, waves.get(2)),
    plan.profile === 'node' ? applyManifests(layout, plan) : undefined,
  ]);
  await startAll(layout, plan, waves.get(3));
  const ready = plan.profile === 'node' ? [nodeProbe(layout), metricsApiProbe(layout)] : [];
  await Promise.all([
    plan.profile === 'node' ? kubectlOf(layout, plan)(applyFile(layout, 'metrics-api.yaml')) : undefined,
    waitForProbes(layout, parts, [namespaceProbe(layout), ...ready]),
  ]);
}

const neededByOthers = ['etcd', 'apiserver', 'containerd'];
/** Their rights and the kinds that they read come with the manifests. */
const inNeedOfManifests = ['traefik', 'prometheus', 'metrics-server'];

/** A part starts when those of all waves before its own answer. */
function waveOf({ name }: Part): 1 | 2 | 3 {
  if (neededByOthers.includes(name)) {
    return 1;
  }
  return inNeedOfManifests.includes(name) ? 3 : 2;
}

async function startAll(layout: Layout, plan: Plan, parts: readonly Part[] = []): Promise<void> {
  for (const part of parts) {
    launchPart(layout, part, plan.programFolders);
  }
  await waitForProbes(
    layout,
    parts,
    parts.map((part) => part.probe),
  );
}

const componentIdentities: readonly Identity[] = [
  {
    name: 'controller-manager',
    commonName: 'system:kube-controller-manager',
    organizations: [],
    servedNames: [],
  },
  { name: 'scheduler', commonName: 'system:kube-scheduler', organizations: [], servedNames: [] },
  { name: 'kube-proxy', commonName: 'system:kube-proxy', organizations: [], servedNames: [] },
  {
    name: 'kubelet',
    commonName: `system:node:${nodeName}`,
    organizations: ['system:nodes'],
    servedNames: [],
  },
  {
    name: 'kubelet-client',
    commonName: 'kube-apiserver',
    organizations: ['system:masters'],
    servedNames: [],
  },
  { name: 'traefik', commonName: 'traefik', organizations: [], servedNames: [] },
  { name: 'prometheus', commonName: 'prometheus', organizations: [], servedNames: [] },
  { name: 'metrics-server', commonName: 'metrics-server', organizations: [], servedNames: [] },
];

async function createIdentities(layout: Layout): Promise<void> {
  const people = userNames().map(
    (user): Identity => ({ name: user, commonName: user, organizations: groupsOf(user), servedNames: [] }),
  );
  await createCertificates(layout, [
    ...serverIdentities,
    frontProxyClient,
    ...componentIdentities,
    ...people,
  ]);
  for (const { name } of [...componentIdentities, ...people]) {
    writeCertificateKubeconfig(layout, name);
  }
}

async function applyManifests(layout: Layout, plan: Plan): Promise<void> {
  const kubectl = kubectlOf(layout, plan);
  await kubectl(applyFile(layout, 'manifests.yaml'));
  await Promise.all([installGatewayApi(kubectl), installTraefikCrds(kubectl)]);
  await kubectl(applyFile(layout, 'gateway.yaml'));
}

function applyFile(layout: Layout, file: string): string[] {
  return ['apply', '--server-side', `--filename=${configPath(layout, file)}`];
}

function kubectlOf(layout: Layout, plan: Plan): Kubectl {
  return (args) =>
    run('nsenter', [
      `--net=${layout.netnsPath}`,
      '--',
      join(plan.programFolders[0] ?? '', 'kubectl'),
      `--kubeconfig=${kubeconfigPath(layout, 'admin')}`,
      ...args,
    ]);
}
