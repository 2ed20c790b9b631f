// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { countsBetween, flowSchemas, parseRequestCounts } from './request-counts.ts';

const metrics = `# HELP apiserver_flowcontrol_dispatched_requests_total [BETA] Number of requests
# TYPE apiserver_flowcontrol_dispatched_requests_total counter
apiserver_flowcontrol_dispatched_requests_total{flow_schema="bench-operator-calls",priority_level="workload-low"} 1234
apiserver_flowcontrol_dispatched_requests_total{flow_schema="bench-operator-leases",priority_level="workload-low"} 17
apiserver_flowcontrol_dispatched_requests_total{flow_schema="bench-operator-watches",priority_level="workload-low"} 8
apiserver_flowcontrol_dispatched_requests_total{flow_schema="service-accounts",priority_level="workload-low"} 1.5e+06
apiserver_flowcontrol_dispatched_requests_total_other{flow_schema="bench-operator-calls"} 99
`;

describe('parseRequestCounts', () => {
  it('takes the own FlowSchemas apart', () => {
    expect(parseRequestCounts(metrics)).toEqual({ calls: 1234, leases: 17, watches: 8 });
  });

  it('counts 0 where no request has come yet', () => {
    const some = metrics.split('\n').filter((line) => !line.includes('leases'));
    expect(parseRequestCounts(some.join('\n')).leases).toBe(0);
  });

  it('refuses metrics without the counter: that is no 0', () => {
    expect(() => parseRequestCounts('up 1\n')).toThrow('the API server does not show apiserver_flowcontrol');
  });
});

describe('countsBetween', () => {
  it('subtracts each', () => {
    const before = { calls: 10, leases: 5, watches: 8 };
    const after = { calls: 12, leases: 95, watches: 8 };
    expect(countsBetween(before, after)).toEqual({ calls: 2, leases: 90, watches: 0 });
  });
});

describe('flowSchemas', () => {
  const schemas = flowSchemas({ name: 'headway', namespace: 'headway-system' });

  it('are tried from the special to the general, and are about this ServiceAccount only', () => {
    expect(schemas).toMatchObject([
      { metadata: { name: 'bench-operator-leases' }, spec: { matchingPrecedence: 101 } },
      { metadata: { name: 'bench-operator-watches' }, spec: { matchingPrecedence: 102 } },
      { metadata: { name: 'bench-operator-calls' }, spec: { matchingPrecedence: 103 } },
    ]);
    for (const schema of schemas) {
      expect(schema).toMatchObject({
        spec: {
          rules: [{ subjects: [{ serviceAccount: { name: 'headway', namespace: 'headway-system' } }] }],
        },
      });
    }
  });
});
