// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Layout } from '../layout.ts';

/** The version of containerd's configuration file format that containerd 1.x reads. */
const formatVersion = 2;

export function containerdConfig(layout: Layout, pauseImage: string, snapshotter: string): string {
  const text = (value: string): string => JSON.stringify(value);
  return `version = ${formatVersion}
root = ${text(join(layout.stateDir, 'containerd'))}
state = "/run/containerd/state"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp",
]

[grpc]
address = "/run/containerd/containerd.sock"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = ${text(pauseImage)}
disable_apparmor = true
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
stream_server_address = "127.0.0.1"

[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = ${text(snapshotter)}
default_runtime_name = "runc"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = ${text(join(layout.stateDir, 'config/cni'))}
`;
}
