// SPDX-License-Identifier: Apache-2.0

/** The operator's ServiceAccount, as deploy/rbac.yaml makes it. */
export const operatorAccount = { name: 'headway', namespace: 'headway-system' };

/** What a part of the benchmark is told about its cluster, as JSON in its first argument. */
export interface Place {
  operatorKubeconfig: string;
  nullKubeconfig: string;
  auditLogPath: string;
  /** The demo app, where pods run. */
  image: string;
  /** The operator's own image, where it is what is measured. */
  operator?: { tag: string; archive: string };
  /** Where the part writes what it has measured, as JSON. */
  outPath: string;
}

export function readPlace(argv: readonly string[]): Place {
  const [text] = argv;
  if (text === undefined) throw new Error('this runs inside the cluster `bench`: use `make bench`');
  return JSON.parse(text) as Place;
}
