// SPDX-License-Identifier: Apache-2.0
// Test support: what a world shows of the ConfigMaps that fake templates name.
import { type RevisionConfig, revisionHash, type TrackedConfig } from './config.ts';
import type { FakeDeployment, FakeTemplate } from './fake-deployment.ts';

/** Of the target; `contents` by the names of the ConfigMaps that are there. */
export function targetConfig(
  { hash, config = [] }: FakeTemplate,
  contents: ReadonlyMap<string, string>,
): { config?: readonly TrackedConfig[]; hash: string } {
  if (config.length === 0) return { hash };
  const tracked = config.map((name): TrackedConfig => {
    const content = contents.get(name);
    const known = content === undefined ? {} : { content, id: content };
    return { kind: 'ConfigMap', name, optional: false, ...known };
  });
  return { config: tracked, hash: revisionHash(hash, tracked) };
}

/** Of a revision; one that was made without config of the same template has no copies. */
export function revisionConfig({ template, copies, revision = '' }: FakeDeployment): {
  config?: readonly RevisionConfig[];
} {
  if (!template.config) return {};
  const config = template.config.map((name): RevisionConfig => {
    const content = copies.get(name);
    const known =
      content === undefined ? { state: 'missing' as const } : { state: 'there' as const, content };
    return { kind: 'ConfigMap', name, copy: `${name}-${revision}`, ...known };
  });
  return { config };
}
