// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../shell.ts';
import type { Profile } from '../types.ts';
import { groupsOf, userNames } from '../users.ts';
import { createCertificates, type Identity, serverIdentities } from './certificates.ts';
import { createCgroups } from './cgroups.ts';
import { configPath, writeConfigFiles } from './config-files.ts';
import { namespaceProbe, nodeProbe } from './health.ts';
import { kubeconfigPath, writeCertificateKubeconfig } from './kubeconfig.ts';
import { type Layout, nodeName } from './layout.ts';
import { createMountNamespace } from './mounts.ts';
import { createNetwork } from './network.ts';
import { type Part, partsOf } from './parts.ts';
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
  const [first, second] = [parts.filter(startsFirst), parts.filter((part) => !startsFirst(part))];
  if (plan.profile === 'node') {
    await createMountNamespace(layout);
  }
  await startAll(layout, plan, first);
  if (plan.profile === 'node') {
    await applyManifests(layout, plan);
  }
  await startAll(layout, plan, second);
  const ready = plan.profile === 'node' ? [nodeProbe(layout)] : [];
  await waitForProbes(layout, parts, [namespaceProbe(layout), ...ready]);
}

/** What others need to be there already. */
function startsFirst(part: Part): boolean {
  return ['etcd', 'apiserver', 'containerd'].includes(part.name);
}

async function startAll(layout: Layout, plan: Plan, parts: readonly Part[]): Promise<void> {
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
];

async function createIdentities(layout: Layout): Promise<void> {
  const people = userNames().map(
    (user): Identity => ({ name: user, commonName: user, organizations: groupsOf(user), servedNames: [] }),
  );
  await createCertificates(layout, [...serverIdentities, ...componentIdentities, ...people]);
  for (const { name } of [...componentIdentities, ...people]) {
    writeCertificateKubeconfig(layout, name);
  }
}

async function applyManifests(layout: Layout, plan: Plan): Promise<void> {
  const kubectl = join(plan.programFolders[0] ?? '', 'kubectl');
  await run('nsenter', [
    `--net=${layout.netnsPath}`,
    '--',
    kubectl,
    `--kubeconfig=${kubeconfigPath(layout, 'admin')}`,
    'apply',
    '--server-side',
    `--filename=${configPath(layout, 'manifests.yaml')}`,
  ]);
}
