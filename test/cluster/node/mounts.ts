// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../shell.ts';
import type { Layout } from './layout.ts';

// kubelet, containerd and CNI keep files at fixed places of the machine. In a mount namespace of its own each
// cluster has those places to itself, and all its mounts end with its last process.

/** Fixed places, and the folder that a cluster has there instead. */
function privateFolders(layout: Layout): [place: string, folder: string][] {
  return [
    ['/var/lib/kubelet', join(layout.stateDir, 'kubelet')],
    ['/var/log/pods', join(layout.stateDir, 'pod-logs')],
    ['/var/log/containers', join(layout.stateDir, 'container-logs')],
    ['/var/lib/cni', join(layout.stateDir, 'cni')],
    ['/run/containerd', join(layout.runDir, 'containerd')],
  ];
}

// The kubelet insists on these settings of the whole machine and would write them. It finds them as it wants
// them in files of its own.
const kubeletSysctls: Readonly<Record<string, number>> = {
  'vm/overcommit_memory': 1,
  'vm/panic_on_oom': 0,
  'kernel/panic': 10,
  'kernel/panic_on_oops': 1,
  'kernel/keys/root_maxkeys': 1_000_000,
  'kernel/keys/root_maxbytes': 25_000_000,
};

export async function createMountNamespace(layout: Layout): Promise<void> {
  const folders = privateFolders(layout);
  for (const path of folders.flat()) {
    mkdirSync(path, { recursive: true });
  }
  const binds = [...folders, ...sysctlFiles(layout)];
  const script = ['set -e', ...binds.map(([place, own]) => `mount --bind ${quote(own)} ${place}`)].join('\n');
  const holder = dirname(layout.mountNamespacePath);
  mkdirSync(holder, { recursive: true });
  // A mount namespace can be held only on a mount that does not propagate into itself.
  await run('mount', ['--bind', holder, holder]);
  await run('mount', ['--make-private', holder]);
  writeFileSync(layout.mountNamespacePath, '');
  await run('unshare', [`--mount=${layout.mountNamespacePath}`, '--propagation=private', 'sh', '-c', script]);
}

function sysctlFiles(layout: Layout): [place: string, file: string][] {
  return Object.entries(kubeletSysctls).map(([name, value]) => {
    const file = join(layout.stateDir, 'sysctl', name.replaceAll('/', '.'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${value}\n`);
    return [`/proc/sys/${name}`, file];
  });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Unmounts whatever is mounted at or below the cluster's folders, innermost first. */
export async function removeMounts(layout: Layout): Promise<void> {
  for (const place of mountsBelow(readFileSync('/proc/self/mountinfo', 'utf8'), [
    layout.runDir,
    layout.stateDir,
  ])) {
    await run('umount', [place]);
  }
}

/** The mount points at or below some folders, innermost first, from the text of /proc/PID/mountinfo. */
export function mountsBelow(mountinfo: string, folders: readonly string[]): string[] {
  const places = mountinfo.split('\n').map((line) => unescapeOctal(line.split(' ')[4] ?? ''));
  const inside = places.filter((place) =>
    folders.some((folder) => place === folder || place.startsWith(`${folder}/`)),
  );
  return inside.reverse();
}

function unescapeOctal(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** The file system type below a path, by the longest mount point that holds it. */
export function fileSystemOf(mountinfo: string, path: string): string {
  let best = { place: '', type: '' };
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const place = unescapeOctal(before.split(' ')[4] ?? '');
    const holds = path === place || path.startsWith(place.endsWith('/') ? place : `${place}/`);
    if (place !== '' && holds && place.length >= best.place.length) {
      best = { place, type: after.split(' ')[0] ?? '' };
    }
  }
  return best.type;
}

/** Overlays cannot be stacked on an overlay, which is what a container's own disk is. */
export function snapshotterFor(stateDir: string): 'overlayfs' | 'native' {
  const existing = existsSync(stateDir) ? stateDir : '/';
  return fileSystemOf(readFileSync('/proc/self/mountinfo', 'utf8'), existing) === 'overlay'
    ? 'native'
    : 'overlayfs';
}
