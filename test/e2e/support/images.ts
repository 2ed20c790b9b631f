// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path';
import { demoBinary } from '../../apps/build.ts';
import { buildImage } from '../../cluster/image.ts';
import type { ClusterProvider } from '../../cluster/types.ts';

/** The image of a version of the shop: always the same program, under a tag that people read in the status. */
export function imageOf(version: string): string {
  return `localhost/shop:${version}`;
}

/** Builds the images of versions, or finds them in the cache, and makes them known to the node. */
export async function loadVersions(
  provider: ClusterProvider,
  cluster: string,
  versions: readonly string[],
): Promise<void> {
  const contextDir = dirname(await demoBinary());
  for (const version of versions) {
    const spec = { tag: imageOf(version), contextDir, entrypoint: ['/demo'], ports: [8080, 8081] };
    await provider.loadImage(cluster, await buildImage(spec));
  }
}
