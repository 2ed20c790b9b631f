// SPDX-License-Identifier: Apache-2.0
import type { DocumentOptions, ParseOptions, SchemaOptions, Tags } from 'yaml';

/**
 * YAML as kubectl and the API server read it: version 1.1, in which `yes` and `on` are booleans and `<<` merges, but
 * without times and numbers in base 60, which their reader leaves as texts.
 */
export const KUBERNETES_YAML: ParseOptions & DocumentOptions & SchemaOptions = {
  version: '1.1',
  schema: 'yaml-1.1',
  merge: true,
  prettyErrors: false,
  strict: true,
  customTags: (tags: Tags): Tags =>
    tags.filter((tag) => typeof tag === 'string' || !(tag.tag === TIMESTAMP || isBase60(tag))),
};

const TIMESTAMP = 'tag:yaml.org,2002:timestamp';

function isBase60(tag: Exclude<Tags[number], string>): boolean {
  return 'format' in tag && tag.format === 'TIME';
}
