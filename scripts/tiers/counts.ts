// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** How many tests passed and failed, and what the failed ones said. */
export interface Counts {
  passed: number;
  failed: number;
  problems: string[];
}

export function addCounts(all: readonly Counts[]): Counts {
  return {
    passed: all.reduce((sum, one) => sum + one.passed, 0),
    failed: all.reduce((sum, one) => sum + one.failed, 0),
    problems: all.flatMap((one) => one.problems),
  };
}

/** The sentence that ends a run. */
export function totalLine({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}

const JestReport = z.looseObject({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numRuntimeErrorTestSuites: z.int(),
  testResults: z.array(
    z.looseObject({ name: z.string(), status: z.string(), message: z.string().default('') }),
  ),
});

/** Counts of a file that `jest --json` wrote; a file of tests that could not be loaded is one failure. */
export function countJest(report: string): Counts {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults } = JestReport.parse(
    JSON.parse(report),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites,
    problems: testResults
      .filter((one) => one.status === 'failed')
      .map((one) => `${one.name}\n${one.message}`.trim()),
  };
}

const GoEvent = z.looseObject({
  Action: z.string(),
  Package: z.string().default(''),
  Test: z.string().optional(),
  Output: z.string().default(''),
});
type GoEvent = z.infer<typeof GoEvent>;

/** Counts of what `go test -json` wrote; a package that fails without a failed test is one failure. */
export function countGo(output: string): Counts {
  const events = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => GoEvent.parse(JSON.parse(line)));
  const tests = events.filter((event) => event.Test !== undefined);
  const failed = tests.filter((event) => event.Action === 'fail');
  const brokenPackages = events.filter(
    (event) =>
      event.Test === undefined &&
      event.Action === 'fail' &&
      !failed.some((test) => test.Package === event.Package),
  );
  return {
    passed: tests.filter((event) => event.Action === 'pass').length,
    failed: failed.length + brokenPackages.length,
    problems: [...failed, ...brokenPackages].map((one) => describeGo(events, one)),
  };
}

function describeGo(events: readonly GoEvent[], failed: GoEvent): string {
  const said = events
    .filter((event) => event.Package === failed.Package && event.Test === failed.Test)
    .map((event) => event.Output)
    .join('');
  return `${failed.Package} ${failed.Test ?? ''}\n${said}`.trim();
}
