// SPDX-License-Identifier: Apache-2.0
// The API server counts every request by the FlowSchema that it falls under. Three FlowSchemas of its own for the
// operator's ServiceAccount make it count the operator's requests, reads and watches included, whatever the operator
// says about itself. They lead to the priority level that ServiceAccounts have anyway.

export interface ServiceAccount {
  name: string;
  namespace: string;
}

const schemas = {
  leases: 'bench-operator-leases',
  watches: 'bench-operator-watches',
  calls: 'bench-operator-calls',
} as const;

/** How many requests of a ServiceAccount the API server has dispatched since it started. */
export type RequestCounts = Record<keyof typeof schemas, number>;

/** The FlowSchemas: requests about Leases, else watches, else everything. */
export function flowSchemas(account: ServiceAccount): object[] {
  const all = ['*'];
  return [
    flowSchema(schemas.leases, 101, account, [
      { verbs: all, apiGroups: ['coordination.k8s.io'], resources: ['leases'] },
    ]),
    flowSchema(schemas.watches, 102, account, [{ verbs: ['watch'], apiGroups: all, resources: all }]),
    flowSchema(schemas.calls, 103, account, [{ verbs: all, apiGroups: all, resources: all }]),
  ];
}

function flowSchema(name: string, precedence: number, account: ServiceAccount, what: object[]): object {
  return {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind: 'FlowSchema',
    metadata: { name },
    spec: {
      matchingPrecedence: precedence,
      priorityLevelConfiguration: { name: 'workload-low' },
      distinguisherMethod: { type: 'ByUser' },
      rules: [
        {
          subjects: [{ kind: 'ServiceAccount', serviceAccount: account }],
          resourceRules: what.map((rule) => ({ ...rule, clusterScope: true, namespaces: ['*'] })),
          ...(name === schemas.calls ? { nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }] } : {}),
        },
      ],
    },
  };
}

const metric = 'apiserver_flowcontrol_dispatched_requests_total';

/** Reads the counts out of the API server's /metrics. */
export function parseRequestCounts(metrics: string): RequestCounts {
  const lines = metrics.split('\n').filter((line) => line.startsWith(`${metric}{`));
  if (lines.length === 0) throw new Error(`the API server does not show ${metric}`);
  const countOf = (schema: string): number =>
    lines
      .filter((line) => line.includes(`flow_schema="${schema}"`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  return {
    leases: countOf(schemas.leases),
    watches: countOf(schemas.watches),
    calls: countOf(schemas.calls),
  };
}

export function countsBetween(before: RequestCounts, after: RequestCounts): RequestCounts {
  return {
    leases: after.leases - before.leases,
    watches: after.watches - before.watches,
    calls: after.calls - before.calls,
  };
}
