// SPDX-License-Identifier: Apache-2.0
import { API_VERSION, Labels, MANAGED_BY } from '../api/group.ts';
import { labelValue } from './names.ts';

/** The Canary as the controller of what is made for it, as in `metadata.ownerReferences`. */
export function ownerReference({ name, uid }: { readonly name: string; readonly uid: string }) {
  return { apiVersion: API_VERSION, kind: 'Canary', name, uid, controller: true, blockOwnerDeletion: true };
}

/** The labels of what is made for a Canary of this name; `role` says what it is there for. */
export function ourLabels(canary: string, role: string): Record<string, string> {
  return {
    [Labels.managedBy]: MANAGED_BY,
    [Labels.canary]: labelValue(canary),
    [Labels.role]: role,
  };
}
