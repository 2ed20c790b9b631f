// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type Command, UsageError } from './command.ts';
import { commandsOf } from './commands.ts';
import { describeFlags, parseFlags } from './flags.ts';
import { kindOf } from './kinds.ts';
import { run } from './run.ts';
import { targetName, targetOf } from './target.ts';
import { createTestIo, createTestWorld } from './test-io.ts';
import { timeFlag } from './time-flag.ts';

function command(name: string, does: Command['run']): Command {
  return { name, usage: 'KIND/NAME', summary: `${name} things`, details: ['a detail'], run: does };
}

async function tried(argv: readonly string[], commands: readonly Command[]) {
  const io = createTestIo();
  const code = await run(argv, io, commands);
  return { code, ...io.written };
}

describe('a command line', () => {
  const seen: (readonly string[])[] = [];
  const commands = [
    command('get', (args) => {
      seen.push(args);
      return Promise.resolve(7);
    }),
    command('wrong', () => Promise.reject(new UsageError('one\ntwo'))),
    command('broken', () => Promise.reject(new TypeError('a bug'))),
    command('__complete', () => Promise.resolve(0)),
  ];

  it.each([
    [
      ['get', 'a', '-b'],
      ['a', '-b'],
    ],
    [
      ['-n', 'shop', 'get', 'a'],
      ['a', '-n', 'shop'],
    ],
    [
      ['--namespace=shop', '--context', 'c', 'get'],
      ['--namespace=shop', '--context', 'c'],
    ],
    [
      ['get', '--', '--help'],
      ['--', '--help'],
    ],
  ])('%j is given to its command, whose exit code it is', async (argv, args) => {
    expect((await tried(argv, commands)).code).toBe(7);
    expect(seen.at(-1)).toEqual(args);
  });

  it('that cannot be understood tells every problem, and where to look', async () => {
    expect(await tried(['wrong'], commands)).toEqual({
      code: 2,
      out: '',
      err: 'error: one\nerror: two\nkubectl headway wrong --help says how it is used\n',
    });
  });

  it('that finds a bug does not hide it', async () => {
    await expect(tried(['broken'], commands)).rejects.toThrow('a bug');
  });

  it.each([
    ['gett', '"gett" is no command; did you mean get?'],
    ['xyzzy', '"xyzzy" is no command; there are get, wrong, broken'],
  ])('with the unknown command %s names what there is', async (name, message) => {
    expect(await tried([name], commands)).toEqual({ code: 2, out: '', err: `error: ${message}\n` });
    expect((await tried(['help', name], commands)).code).toBe(2);
  });

  it.each([[[]], [['--help']], [['-h']], [['help']]])(
    '%j lists the commands, but those for shells',
    async (argv) => {
      const { code, out } = await tried(argv, commands);
      expect(code).toBe(0);
      expect(out).toMatch(/^ {2}get {5}get things$/m);
      expect(out).not.toContain('__complete');
    },
  );

  it.each([[['get', '--help']], [['get', 'a', '-h']], [['help', 'get']]])(
    '%j tells of the command',
    async (argv) => {
      expect(await tried(argv, commands)).toEqual({
        code: 0,
        err: '',
        out: 'kubectl headway get KIND/NAME: get things\n\na detail\n',
      });
    },
  );
});

describe('every command', () => {
  const all = commandsOf(createTestWorld()).filter(({ name }) => !name.startsWith('__'));

  it.each(all.map((one) => [one.name, one] as const))(
    '%s says what its exit codes mean',
    async (name, one) => {
      const { out } = await tried([name, '--help'], [one]);
      expect(out).toMatch(/^Exit codes: \d/m);
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    },
  );

  it('is in a list that fits into 80 columns', async () => {
    const { out } = await tried([], all);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const { name } of all) expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  });

  it('goes on below its text where a line of the help is too long', async () => {
    const long = command('get', () => Promise.resolve(0));
    const details = [`    --flag VALUE  ${'word '.repeat(20).trim()}`];
    const { out } = await tried(['get', '--help'], [{ ...long, details }]);
    expect(out.split('\n').slice(2)).toEqual([
      `    --flag VALUE  ${'word '.repeat(12).trim()}`,
      `${' '.repeat(18)}${'word '.repeat(8).trim()}`,
      '',
    ]);
  });

  it('has a name of its own', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });
});

describe('flags', () => {
  const known = {
    wait: { help: 'wait' },
    output: { short: 'o', value: 'FORMAT', help: 'format', oneOf: ['json', 'wide'] },
    file: { short: 'f', value: 'FILE', help: 'file' },
  } as const;

  it.each([
    [['a', '--wait', 'b'], ['a', 'b'], { wait: 'true' }],
    [['-o', 'json'], [], { output: 'json' }],
    [['-ojson'], [], { output: 'json' }],
    [['-o=json'], [], { output: 'json' }],
    [['--output=wide'], [], { output: 'wide' }],
    [['--', '--wait'], ['--wait'], {}],
    [['-o', 'json', '-o', 'wide'], [], { output: 'wide' }],
    [['-f', '-'], [], { file: '-' }],
  ])('%j', (args, words, flags) => expect(parseFlags(args, known)).toMatchObject({ words, flags }));

  it('are all told where one is given again', () => {
    const { flags, all } = parseFlags(['-f', 'a', '--wait', '--file=b', '-f', '-'], known);
    expect(flags).toEqual({ file: '-', wait: 'true' });
    expect([...all]).toEqual([
      ['file', ['a', 'b', '-']],
      ['wait', ['true']],
    ]);
  });

  it.each([
    [['--nope'], 'unknown flag --nope; there are --wait, --output, --file'],
    [['-x'], 'unknown flag -x; there are --wait, --output, --file'],
    [['--constructor'], 'unknown flag --constructor; there are --wait, --output, --file'],
    [['--wait=no'], '--wait takes no value, not "no"'],
    [['--output'], '--output needs a value: --output FORMAT'],
    [['--output='], '--output needs a value: --output FORMAT'],
    [['-o', '--wait'], '-o needs a value: -o FORMAT'],
    [['-o', 'toml'], '-o toml: must be json, wide'],
    [
      ['--nope', '-o', 'toml'],
      'unknown flag --nope; there are --wait, --output, --file\n-o toml: must be json, wide',
    ],
  ])('%j is refused', (args, message) => {
    expect(() => parseFlags(args, known)).toThrow(new UsageError(message));
  });

  it('are described in columns', () => {
    expect(describeFlags(known)).toEqual([
      '    --wait           wait',
      '-o, --output FORMAT  format',
      '-f, --file FILE      file',
    ]);
  });

  it.each([
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['45', 45_000],
    [undefined, undefined],
  ])('a time %s is %s ms', (text, ms) => expect(timeFlag('timeout', text)).toBe(ms));

  it('a time that is none is refused with its flag', () => {
    expect(() => timeFlag('timeout', '5 m')).toThrow(
      '--timeout: "5 m" is not a duration such as 30s, 5m or 1h30m',
    );
  });
});

describe('a target', () => {
  it.each([
    [['canary/a'], 'canary/a'],
    [['canary', 'a'], 'canary/a'],
    [['Canary/a'], 'canary/a'],
    [['canaries.headway.dev/a'], 'canary/a'],
    [['hbg/a.b'], 'bluegreen/a.b'],
  ])('%j is %s', (words, name) => expect(targetName(targetOf(words))).toBe(name));

  it.each([
    ['hcan', 'Canary'],
    ['BlueGreens', 'BlueGreen'],
    ['canary.apps', undefined],
    ['deployment', undefined],
    ['', undefined],
  ])('the word %j means the kind %s', (word, kind) => expect(kindOf(word)?.kind).toBe(kind));
});
