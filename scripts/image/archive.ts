// SPDX-License-Identifier: Apache-2.0
import { run } from '../../test/cluster/shell.ts';

export interface Archive {
  /** What `docker images`, `crictl images` and a pod's `imageID` of a loaded image show: the hash of its config. */
  readonly imageId: string;
  readonly tags: readonly string[];
  /** Paths of the layers in the archive, the base first. */
  readonly layers: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly user: string;
  readonly entrypoint: readonly string[];
}

/** What a docker-archive says about its image; throws when it does not hold exactly one. */
export async function readArchive(path: string): Promise<Archive> {
  const [image, ...others] = JSON.parse(await run('tar', ['-xOf', path, 'manifest.json'])) as Manifest[];
  if (image === undefined || others.length > 0) throw new Error(`${path} must hold one image`);
  const { config } = JSON.parse(await run('tar', ['-xOf', path, image.Config])) as ImageConfig;
  return {
    imageId: imageIdOf(image.Config),
    tags: image.RepoTags,
    layers: image.Layers,
    labels: config.Labels ?? {},
    user: config.User ?? '',
    entrypoint: config.Entrypoint ?? [],
  };
}

interface Manifest {
  readonly Config: string;
  readonly RepoTags: readonly string[];
  readonly Layers: readonly string[];
}

interface ImageConfig {
  readonly config: {
    readonly User?: string;
    readonly Entrypoint?: readonly string[];
    readonly Labels?: Readonly<Record<string, string>>;
  };
}

/** The file of a config is named by its hash, by each builder in another way. */
export function imageIdOf(configFile: string): string {
  const hex = /[0-9a-f]{64}/.exec(configFile)?.[0];
  if (hex === undefined) throw new Error(`the config "${configFile}" of an image is not named by its hash`);
  return `sha256:${hex}`;
}
