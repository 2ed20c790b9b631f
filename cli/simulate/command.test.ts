// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UsageError } from '../command.ts';
import { testIo } from '../manifests/test-io.ts';
import { simulateCommand } from './command.ts';

const CANARY = `apiVersion: headway.dev/v1alpha1
kind: Canary
metadata: {name: checkout, namespace: shop}
spec:
  targetRef: {kind: Deployment, name: checkout}
  service: {name: checkout}
  traffic: {ingress: {name: checkout}}
  steps:
    - setWeight: 10
    - pause: {duration: 2m}
    - setWeight: 50
    - pause: {}
  analysis:
    checks:
      - {name: queue, provider: prometheus, query: queue, max: 100, interval: 15s}
`;
const DEPLOYMENT =
  '---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: checkout, namespace: shop}\nspec: {replicas: 4, minReadySeconds: 10}\n';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headway-simulate-'));
  await writeFile(join(folder, 'good.csv'), 'time,check,value\n0,queue,5\n200,queue,5\n');
  await writeFile(join(folder, 'bad.csv'), 'time,check,value\n0,queue,5\n60,queue,500\n');
  await writeFile(join(folder, 'none.csv'), 'time,check,value\n0,queue,5\n30,queue,\n');
  await writeFile(
    join(folder, 'dates.csv'),
    'time,check,value\n2026-11-21T14:00:00Z,queue,5\n2026-11-21T14:01:00Z,queue,500\n',
  );
});

afterAll(() => rm(folder, { recursive: true }));

async function run(
  text: string,
  ...flags: string[]
): Promise<{ code: number; said: string; complained: string }> {
  const io = testIo(text);
  const code = await simulateCommand.run(['-f', '-', ...flags], io);
  return { code, said: io.said(), complained: io.complained() };
}

function file(name: string): string {
  return join(folder, name);
}

describe('kubectl headway simulate', () => {
  it('tells the steps with times', async () => {
    const { code, said } = await run(CANARY);
    expect(code).toBe(0);
    expect(said.split('\n')).toEqual([
      'Canary shop/checkout: promoted after 2m30s at the earliest',
      '10 pods (assumed; say another number with --replicas); new pods are ready at once',
      '',
      '  part       what                    from   to     weight  new  old  judged by',
      '  step 1     setWeight 10%           0s     10s    10%     1    10   queue',
      '  step 2     pause 2m                10s    2m10s  10%     1    10   queue',
      '  step 3     setWeight 50%           2m10s  2m15s  50%     5    10   queue',
      '  step 4     waits for a person      2m15s  2m15s  50%     5    10   a person, queue',
      '  promotion  all traffic to the new  2m15s  2m30s  100%    10   10   queue',
      '  old pods   drain and end           2m30s  2m55s  100%    10   10',
      '',
      'at the earliest: every check answers well as soon as it is asked, and whoever is asked says yes at once',
      '',
    ]);
  });

  it.each<[string, string, string[], string]>([
    ['the Deployment', CANARY + DEPLOYMENT, [], '4 pods (Deployment checkout); new pods are ready at once'],
    [
      'the spec',
      CANARY.replace('  traffic', '  replicas: 7\n  traffic'),
      [],
      '7 pods (spec.replicas); new pods are ready at once',
    ],
    [
      'the flags',
      CANARY + DEPLOYMENT,
      ['--replicas', '1', '--pod-start', '20s'],
      '1 pod (--replicas); new pods are ready after 20s',
    ],
  ])('takes the pods from %s', async (_, text, flags, line) => {
    expect((await run(text, ...flags)).said.split('\n')[1]).toBe(line);
  });

  it('plays every release of the input', async () => {
    const { code, said } = await run(`${CANARY}---\n${CANARY.replaceAll('checkout', 'cart')}`);
    expect(code).toBe(0);
    expect(said).toMatch(/^Canary shop\/checkout: promoted[^]*\n\nCanary shop\/cart: promoted/);
  });

  it.each<[string, string, number, RegExp]>([
    ['good.csv', 'promoted', 0, /\npromoted: all traffic on the new version since 12:02:30\n$/],
    [
      'bad.csv',
      'rolled back',
      1,
      /\nrolled back: queue 500 > 100 in 1 of \d checks at 10%; all traffic on the old version since 12:01:05 \(\d\.\d s\)\n$/,
    ],
    [
      'none.csv',
      'held',
      3,
      /\nheld: step 2\/4, 10% on the new version; metrics were missing for 10m; resume, promote or abort\n$/,
    ],
  ])('judges %s: %s', async (name, outcome, code, last) => {
    const result = await run(CANARY, '--samples', file(name));
    expect(result.code).toBe(code);
    expect(result.said).toMatch(new RegExp(`^Canary shop/checkout: ${outcome} after `));
    expect(result.said).toMatch(last);
    expect(result.said).toMatch(/\n0s NewRevisionDetected: /);
  });

  it('lets the release begin with the first sample, or when it is said', async () => {
    const first = await run(CANARY, '--samples', file('dates.csv'));
    expect(first.said).toMatch(/since 14:01:\d\d/);
    const said = await run(CANARY, '--samples', file('dates.csv'), '--begin', '2026-11-21T13:59:50Z');
    expect(said.said).toMatch(/rolled back after 1m20s/);
  });

  it('tells programs the same', async () => {
    const { code, said } = await run(CANARY, '--samples', file('bad.csv'), '-o', 'json');
    expect(code).toBe(1);
    const { releases } = JSON.parse(said) as { releases: Record<string, unknown>[] };
    expect(releases).toHaveLength(1);
    expect(releases[0]).toMatchObject({
      kind: 'Canary',
      namespace: 'shop',
      name: 'checkout',
      outcome: 'rolled back',
      replicas: 10,
    });
    expect(releases[0]?.['parts']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'step 1', fromMs: 0, toMs: 10_000, weight: 10 }),
      ]),
    );
  });

  it('says what is wrong with the manifests, and plays nothing', async () => {
    const { code, said, complained } = await run(CANARY.replace('setWeight: 10', 'setWeight: 101'));
    expect(code).toBe(2);
    expect(said).toBe('');
    expect(complained).toMatch(/^stdin:9:7: spec\.steps\[0\]\.setWeight: 101: must be at most 100\n/);
  });

  it.each<[string[], RegExp]>([
    [['--replicas', 'many'], /^--replicas many: must be a number from 1 to 10000$/],
    [['--replicas', '0'], /^--replicas 0: must be/],
    [['--pod-start', 'soon'], /^--pod-start soon: must be a duration such as 30s, 5m or 1h30m$/],
    [['--begin', '2026-11-21T14:00:00Z'], /^--begin belongs to --samples$/],
    [['--samples', '/nowhere'], /^\/nowhere: is not there/],
    [['-o', 'wide'], /^-o wide: must be text, json$/],
  ])('cannot read %j', async (flags, message) => {
    const error: unknown = await run(CANARY, ...flags).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toMatch(message);
  });

  it.each<[string, string, string[], RegExp]>([
    [
      'samples for two releases',
      `${CANARY}---\n${CANARY.replaceAll('checkout', 'cart')}`,
      ['--samples', 'good.csv'],
      /^--samples belong to one release, and there are 2/,
    ],
    [
      'a begin that is no date',
      CANARY,
      ['--samples', 'dates.csv', '--begin', 'now'],
      /^--begin now: must be like/,
    ],
    [
      'a begin beside seconds',
      CANARY,
      ['--samples', 'good.csv', '--begin', '2026-11-21T14:00:00Z'],
      /^--begin: the samples have seconds/,
    ],
    [
      'a template that is missing',
      CANARY.replace(/ {4}checks:\n.*\n/, '    templateRef: {name: errors}\n'),
      [],
      /^Canary checkout: AnalysisTemplate errors is not in what was read/,
    ],
  ])('refuses %s', async (_, text, flags, message) => {
    const args = flags.map((flag) => (flag.endsWith('.csv') ? file(flag) : flag));
    const error: unknown = await run(text, ...args).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toMatch(message);
  });

  it('says what its flags and exit codes are', () => {
    const details = simulateCommand.details.join('\n');
    for (const word of [
      '--samples',
      '--begin',
      '--replicas',
      '--pod-start',
      '-o',
      'Exit codes: 0 promoted, 1 rolled back, 2 ',
      '3 held',
    ]) {
      expect(details).toContain(word);
    }
  });
});
