// SPDX-License-Identifier: Apache-2.0
// make demo: puts up the cluster, plays the releases inside its network, and takes it down again; KEEP=1 keeps it.
import { once } from 'node:events';
import { loadBinary } from '../apps/build.ts';
import { openProvider } from '../cluster/cluster.ts';
import { programFolder } from '../cluster/node/go-parts.ts';
import { operatorImage } from '../cluster/operator-image.ts';
import { loadVersions } from '../e2e/support/images.ts';
import { root } from '../e2e/support/world.ts';
import { narrator } from './narrator.ts';
import { demoVersions } from './story-line.ts';

const cluster = 'demo';

async function main(): Promise<number> {
  const say = narrator();
  const provider = await openProvider('node');
  say(
    'a real Kubernetes node with containerd, kube-proxy, Traefik and Prometheus; the first time its parts are built',
  );
  await programFolder('helm');
  await provider.up({ name: cluster, profile: 'node' });
  try {
    say('the image of the operator, the app in three versions and a load generator');
    await loadBinary();
    await provider.loadImage(cluster, (await operatorImage()).path);
    await loadVersions(provider, cluster, demoVersions);
    const play = provider.exec(cluster, [process.execPath, 'test/demo/play/main.ts'], {
      cwd: root,
      env: { ...process.env, HEADWAY_CLUSTER: cluster },
      stdio: 'inherit',
    });
    const [code] = (await once(play, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    if (process.env['KEEP'] === '1') say(`the cluster is kept: make cluster-down NAME=${cluster} ends it`);
    else await provider.down(cluster);
  }
}

// The play gets the signal from the terminal too and ends; then the cluster is taken down as ever.
process.on('SIGINT', () => undefined);
process.exitCode = await main();
