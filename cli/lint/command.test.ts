// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../command.ts';
import { testIo } from '../manifests/test-io.ts';
import { lintCommand } from './command.ts';

const CANARY =
  'apiVersion: headway.dev/v1alpha1\nkind: Canary\nmetadata: {name: web}\nspec:\n  targetRef: {kind: Deployment, name: web}\n  service: {name: web}\n  weights: [20]\n  interval: 1m\n';
const SERVICE = '---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}}\n';
const WARNED = `${CANARY}  scaleDownDelay: 5s\n`;
const WRONG = CANARY.replace('20', '200');

async function run(text: string, ...flags: string[]): Promise<{ code: number; said: string }> {
  const io = testIo(text);
  const code = await lintCommand.run(['-f', '-', ...flags], io);
  expect(io.complained()).toBe('');
  return { code, said: io.said() };
}

describe('kubectl headway lint', () => {
  it.each<[string, string, number, string]>([
    ['what is clean', CANARY, 0, 'no problems in 1 manifest of Headway\n'],
    [
      'what is clean, beside others',
      CANARY + SERVICE,
      0,
      'no problems in 1 manifest of Headway; not checked: 1 Service\n',
    ],
    ['nothing', '', 0, 'no problems in 0 manifests of Headway\n'],
    [
      'a problem',
      WRONG,
      1,
      'stdin:7:13: spec.weights[0]: 200: must be at most 100\n1 problem in 1 manifest of Headway\n',
    ],
    [
      'text that is no YAML',
      '{',
      1,
      'stdin:2:1: is not YAML: Flow map must end with a }\n1 problem in 0 manifests of Headway\n',
    ],
  ])('says and answers for %s', async (_, text, code, said) => {
    expect(await run(text.endsWith('\n') || text === '' ? text : `${text}\n`)).toEqual({
      code,
      said,
    });
  });

  it('lets a warning pass, unless it is strict', async () => {
    const { code, said } = await run(WARNED);
    expect(code).toBe(0);
    expect(said).toMatch(
      /^stdin:9:3: warning: spec\.scaleDownDelay: with 5s .*\n1 warning in 1 manifest of Headway\n$/,
    );
    expect((await run(WARNED, '--strict')).code).toBe(1);
  });

  it('lets a note pass also when it is strict', async () => {
    const { code, said } = await run(`${CANARY}  analysis: {templateRef: {name: errors}}\n`, '--strict');
    expect(said).toMatch(/: note: spec\.analysis\.templateRef\.name: .*\n1 note in 1 manifest of Headway\n$/);
    expect(code).toBe(0);
  });

  it('tells programs the same', async () => {
    const { code, said } = await run(WRONG + SERVICE, '-o', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(said)).toEqual({
      problems: [
        {
          file: 'stdin',
          line: 7,
          column: 13,
          severity: 'error',
          object: 'Canary/web',
          field: 'spec.weights[0]',
          message: '200: must be at most 100',
        },
      ],
      checked: 1,
      skipped: { Service: 1 },
    });
  });

  it.each<[string[], RegExp]>([
    [[], /^-f is missing: name a file, a folder, or - for standard input$/],
    [['-f'], /^-f needs a value: -f FILE$/],
    [['-f', '-', '-o', 'yaml'], /^-o yaml: must be text, json$/],
    [['-f', '-', '--stric'], /^unknown flag --stric; there are --filename, /],
    [['web.yaml'], /^web\.yaml: stands alone; name files with -f$/],
    [
      ['-f', '/nowhere/a.yaml', '-f', '/nowhere/b.yaml'],
      /^\/nowhere\/a\.yaml: is not there.*\n\/nowhere\/b\.yaml: is not there/,
    ],
  ])('cannot read %j', async (args, message) => {
    const error: unknown = await lintCommand.run(args, testIo()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toMatch(message);
  });

  const examples = resolve(import.meta.dirname, '../../examples');

  it.each(readdirSync(examples))('finds no problem and no warning in examples/%s', async (name) => {
    const io = testIo();
    const code = await lintCommand.run(['--strict', '-f', join(examples, name)], io);
    expect(`${code}: ${io.said()}`).toMatch(/^0: /);
  });

  it('says what its flags and exit codes are', () => {
    const details = lintCommand.details.join('\n');
    for (const word of ['-f', '-R', '--strict', '-o', 'Exit codes: 0', '1 problems', '2 '])
      expect(details).toContain(word);
  });
});
