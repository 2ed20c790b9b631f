// SPDX-License-Identifier: Apache-2.0
import type { Summary } from '../../apps/load-lines.ts';
import { auditLogPath, wholePartLog } from '../../cluster/faults.ts';
import { klogAround } from '../../cluster/klog.ts';
import { writesAround } from '../audit/around.ts';
import { type AuditWrite, inNamespace, readAudit } from '../audit/log.ts';
import type { Story } from './story.ts';
import { clusterName } from './world.ts';

type Example = Summary['examples'][number];

/** Losses that are told one by one; the first says the most. */
const TOLD = 5;
/** The move that a loss comes from is never far. */
const WRITES_WITHIN_MS = 2_000;
/** kube-proxy may be as far behind as pods have time to drain, and a little more. */
const PROXY_WITHIN_MS = 13_000;

/** What the cluster did around the first loss: the writes, what kube-proxy said, and how late the clients were. */
export async function explainLosses(story: Story, { examples, lostTotal }: Summary): Promise<string> {
  const { title, mode, namespace, startedAtMs } = story;
  const writes = await readAudit(auditLogPath(clusterName()), inNamespace(namespace));
  const [first] = examples;
  return [
    `${title} (${mode}): ${lostTotal} requests were lost`,
    ...examples.slice(0, TOLD).map((example) => `  ${lossText(example, startedAtMs)}`),
    ...(first ? circumstancesOf(story, first.t, writes) : []),
  ].join('\n');
}

function lossText({ t, class: kind, error, connections = 'fresh' }: Example, startedAtMs: number): string {
  const seconds = ((t - startedAtMs) / 1000).toFixed(3);
  return `at ${seconds} s (${new Date(t).toISOString()}): ${kind} over a ${connections} connection: ${error}`;
}

function circumstancesOf({ load }: Story, t: number, writes: readonly AuditWrite[]): string[] {
  const near = load.seconds().filter((second) => Math.abs(second.t - t) <= WRITES_WITHIN_MS);
  const lagMs = Math.max(0, ...near.map(({ maxLagMs }) => maxLagMs));
  const isWanted = (line: string) => line.includes('SyncProxyRules complete');
  const proxy = { atMs: t, withinMs: PROXY_WITHIN_MS, isWanted };
  return [
    `clients were up to ${Math.round(lagMs)} ms late then; kube-proxy said:`,
    ...klogAround(wholePartLog(clusterName(), 'kube-proxy'), proxy),
    'what was written, counted from the first loss:',
    ...writesAround(writes, t, WRITES_WITHIN_MS),
  ];
}
