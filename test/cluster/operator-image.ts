// SPDX-License-Identifier: Apache-2.0
import { makeImage, type OperatorImage } from '../../scripts/image/make-image.ts';

/**
 * The operator's image as it is shipped, for a cluster's `loadImage(cluster, image.path)`: bundled, and built into dist/
 * unless the archive there holds the same content. Pods name `image.tag`, `localhost/headway:VERSION`, with
 * `imagePullPolicy: Never`. Needs apt-get and a builder (docs/image.md); throws with what is missing.
 */
export function operatorImage(): Promise<OperatorImage> {
  return makeImage();
}
