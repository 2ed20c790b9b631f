// SPDX-License-Identifier: Apache-2.0
// Runs inside the cluster's network: the operator, a Canary and a BlueGreen under load, and the sum of each.
import { installHeadway } from '../../e2e/support/install.ts';
import { startOperator } from '../../e2e/support/operator.ts';
import { narrator, type Say } from '../narrator.ts';
import { playBlueGreen } from './blue-green-act.ts';
import { playCanary } from './canary-act.ts';

async function main(say: Say): Promise<boolean> {
  say('the CRDs, the least-privilege role, and the operator under it');
  const operator = await startOperator({ name: 'demo', kubeconfig: await installHeadway(), port: 9111 });
  const { logPath: operatorLog } = operator;
  const acts = [await playCanary({ operatorLog, say }), await playBlueGreen({ operatorLog, say })];
  await operator.stop('SIGTERM');
  return acts.every((isAsTold) => isAsTold);
}

process.exit((await main(narrator())) ? 0 : 1);
