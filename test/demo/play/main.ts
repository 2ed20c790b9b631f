// SPDX-License-Identifier: Apache-2.0
// Runs inside the cluster's network: the chart, a Canary and a BlueGreen under load, and the sum of each.
import { installChart } from '../../e2e/support/installation.ts';
import { followOperatorLogs } from '../../e2e/support/operator-logs.ts';
import { narrator, type Say } from '../narrator.ts';
import { playBlueGreen } from './blue-green-act.ts';
import { playCanary } from './canary-act.ts';

async function main(say: Say): Promise<boolean> {
  say('helm install: the CRDs, the least-privilege role, and two pods of the operator under it');
  await installChart();
  const logs = followOperatorLogs();
  const { logPath: operatorLog } = logs;
  const acts = [await playCanary({ operatorLog, say }), await playBlueGreen({ operatorLog, say })];
  logs.stop();
  return acts.every((isAsTold) => isAsTold);
}

process.exit((await main(narrator())) ? 0 : 1);
