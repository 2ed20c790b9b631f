// SPDX-License-Identifier: Apache-2.0
import { type Form, startOperator } from '../operator-process.ts';
import type { ColdStart } from '../results.ts';
import { until } from '../watched.ts';

const reconciledWithinMs = 120_000;

/**
 * Starts the operator where everything exists already, and takes the time from the start of the process to /readyz
 * and to the end of the first reconcile of the last object, by the lines of its log.
 */
export async function measureColdStart(
  form: Form,
  kubeconfig: string,
  keys: readonly string[],
): Promise<ColdStart> {
  const left = new Set(keys);
  const startedMs = performance.now();
  let reconciledMs = 0;
  const operator = await startOperator({
    form,
    kubeconfig,
    logLevel: 'debug',
    onLine: (line) => {
      const key = reconciledKey(line);
      if (key !== undefined && left.delete(key) && left.size === 0)
        reconciledMs = performance.now() - startedMs;
    },
  });
  await until(`${keys.length} objects to be reconciled`, reconciledWithinMs, () => left.size === 0);
  await operator.stop();
  return { form, objects: keys.length, readyMs: operator.readyMs, reconciledMs };
}

/** The object of a line that says that a reconcile is done. */
export function reconciledKey(line: string): string | undefined {
  if (!line.includes('"msg":"reconciled"')) return undefined;
  return /"object":"([^"]+)"/.exec(line)?.[1];
}
