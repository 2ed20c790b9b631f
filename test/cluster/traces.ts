// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { errorCode } from './error-code.ts';
import { layoutOf } from './node/layout.ts';

/** Everything on the machine that bears a cluster's name: processes, mounts, cgroups, namespace and files. */
export function tracesOf(cluster: string): string[] {
  const layout = layoutOf(cluster);
  const files = [layout.stateDir, layout.runDir, layout.netnsPath].filter((path) => existsSync(path));
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(layout.id) || line.includes(layout.stateDir));
  return [...files, ...mounts, ...cgroups(layout.cgroup), ...processes(layout.stateDir, layout.cgroup)];
}

function cgroups(name: string): string[] {
  const roots = readdirSync('/sys/fs/cgroup').map((entry) => `/sys/fs/cgroup/${entry}`);
  return ['/sys/fs/cgroup', ...roots].map((root) => `${root}/${name}`).filter((path) => existsSync(path));
}

/** Live processes with the cluster's folder on their command line or as their own, or in its cgroups. */
function processes(stateDir: string, cgroup: string): string[] {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return pids.flatMap((pid) => {
    const commandLine = readUnlessGone(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    const place = readUnlessGone(() => readlinkSync(`/proc/${pid}/cwd`));
    const groups = readUnlessGone(() => readFileSync(`/proc/${pid}/cgroup`, 'utf8'));
    const isOurs = [commandLine, place].some((text) => text.includes(`${stateDir}/`) || text === stateDir);
    return commandLine !== '' && (isOurs || groups.includes(`/${cgroup}/`))
      ? [`process ${pid}: ${commandLine}`]
      : [];
  });
}

function readUnlessGone(read: () => string): string {
  try {
    return read();
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT' && code !== 'ESRCH' && code !== 'EACCES') {
      throw error;
    }
    return '';
  }
}
