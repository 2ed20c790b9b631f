// SPDX-License-Identifier: Apache-2.0
// node scripts/image.ts [--base REFERENCE] [--tag REFERENCE] [--context-only]: the operator's image, as a docker-archive
// under dist/; or only dist/image, for a builder of your own.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepareContext } from './image/context.ts';
import { makeImage } from './image/make-image.ts';

const { values } = parseArgs({
  options: {
    base: { type: 'string' },
    tag: { type: 'string' },
    'context-only': { type: 'boolean', default: false },
  },
});
const base = values.base || 'debian';
const here = (file: string): string => path.relative(process.cwd(), file);
try {
  if (values['context-only']) {
    const { dir, sbomPath } = await prepareContext(base);
    console.log(`context   ${here(dir)}, for: docker build ${here(dir)}\nmaterials ${here(sbomPath)}`);
  } else {
    const image = await makeImage(values.tag ? { base, tag: values.tag } : { base });
    console.log(
      [
        `image     ${image.tag}`,
        `archive   ${here(image.path)}, ${(image.bytes / 1e6).toFixed(1)} MB, ${image.layers.length} layers${image.builder ? `, made by ${image.builder}` : ', as it was'}`,
        `digest    ${image.imageId}`,
        `revision  ${image.revision}`,
        `materials ${here(image.sbomPath)}`,
      ].join('\n'),
    );
  }
} catch (error) {
  console.error(`no image: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
