// SPDX-License-Identifier: Apache-2.0
import { API_VERSION, Labels, MANAGED_BY } from '../api/group.ts';
import { labelValue } from './names.ts';

/** The object that a release goes by. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** It as the controller of what is made for it, as in `metadata.ownerReferences`. */
export function ownerReference({ kind, name, uid }: Owner) {
  return { apiVersion: API_VERSION, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** The labels of what is made for a release of this name; `role` says what it is there for. */
export function ourLabels(canary: string, role: string): Record<string, string> {
  return {
    [Labels.managedBy]: MANAGED_BY,
    [Labels.canary]: labelValue(canary),
    [Labels.role]: role,
  };
}
