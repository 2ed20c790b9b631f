// SPDX-License-Identifier: Apache-2.0
// Node strips the types; jest runs the sources as they are.
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
  testPathIgnorePatterns: ['/node_modules/', '/build/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/'],
};

export default {
  // A test that waits has a deadline of its own, with words; this one ends what hangs, on the slowest machine too.
  testTimeout: 180_000,
  workerIdleMemoryLimit: '512MB',
  coverageProvider: 'v8',
  collectCoverageFrom: ['{operator,cli}/**/*.ts', '!{operator,cli}/**/*.test.ts'],
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/{operator,cli,test,scripts,bench}/**/*.test.ts'],
      testPathIgnorePatterns: [...base.testPathIgnorePatterns, '\\.(api|chart|e2e|faults)\\.test\\.ts$'],
    },
    { ...base, displayName: 'chart', testMatch: ['<rootDir>/test/chart/**/*.chart.test.ts'] },
    { ...base, displayName: 'api', testMatch: ['<rootDir>/{operator,test}/**/*.api.test.ts'] },
    { ...base, displayName: 'faults', testMatch: ['<rootDir>/test/faults/**/*.faults.test.ts'] },
    { ...base, displayName: 'e2e', testMatch: ['<rootDir>/test/**/*.e2e.test.ts'] },
  ],
};
