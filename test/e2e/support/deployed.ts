// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { root } from './world.ts';

/** The file with the rights of the operator. */
export const rightsPath = join(root, 'deploy/rbac.yaml');

/** What is in it, object by object. */
export function deployedRights(): unknown[] {
  return parseAllDocuments(readFileSync(rightsPath, 'utf8')).map((document) => document.toJS() as unknown);
}
