// SPDX-License-Identifier: Apache-2.0
// What pages tell people to type can be typed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Command } from '../../cli/command.ts';
import { commandsOf } from '../../cli/commands.ts';
import { createTestIo, createTestWorld } from '../../cli/test-io.ts';
import { pages, readPage, root, typedSections } from './markdown.ts';
import { typedByStories, typedElsewhere } from './typed-by-stories.ts';

/** A line that is typed, without its comment and where its output goes. */
interface Typed {
  readonly page: string;
  readonly words: readonly string[];
}

function typedIn(page: string): Typed[] {
  const lines = typedSections(readPage(page)).flatMap(({ typed }) => typed);
  return lines.map((line) => ({ page, words: wordsOf(line) })).filter(({ words }) => words.length > 0);
}

function wordsOf(line: string): string[] {
  const [typed = ''] = line.replace(/^\$ /, '').split(/\s+[>|]/);
  return typed
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
}

const typed = pages.flatMap(typedIn);

function all(...beginning: readonly string[]): [string, Typed][] {
  const found = typed.filter(({ words }) => beginning.every((word, at) => words[at] === word));
  return found.map((one) => [`${one.page}: ${one.words.join(' ')}`, one]);
}

const commands = new Map(commandsOf(createTestWorld()).map((command) => [command.name, command]));

function flagsOf({ flags = {} }: Command): string[] {
  return Object.entries(flags).flatMap(([name, { short }]) => [
    `--${name}`,
    ...(short === undefined ? [] : [`-${short}`]),
  ]);
}

describe('kubectl headway', () => {
  const lines = all('kubectl', 'headway');

  it('is typed on some pages', () => expect(lines.length).toBeGreaterThan(30));

  it.each(lines)('%s', (_, { words: [, , name = '', ...args] }) => {
    const command = commands.get(name);
    if (!command) throw new Error(`there is no command ${name}`);
    const flags = args.filter((word) => /^--?[a-zA-Z]/.test(word)).map((word) => word.split('=')[0]);
    const known = [...flagsOf(command), '--help', '-h'];
    expect(flags.filter((flag) => !known.includes(flag ?? ''))).toEqual([]);
  });
});

/** What works on the files of examples/ is done. */
describe('without a cluster', () => {
  const lines = [...all('kubectl', 'headway', 'lint'), ...all('kubectl', 'headway', 'simulate')].filter(
    ([, { words }]) => words.some((word) => word.startsWith('examples/')),
  );

  it('something is typed about examples', () => expect(lines.length).toBeGreaterThan(1));

  it.each(lines)('%s', async (_, { words: [, , name = '', ...args] }) => {
    const io = createTestIo();
    const paths = args.map((word) => (word.startsWith('examples/') ? join(root, word) : word));
    expect(await commands.get(name)?.run(paths, io)).toBe(0);
    expect(io.written.err).toBe('');
  });
});

describe('with a cluster', () => {
  const found = pages.flatMap((page) =>
    typedSections(readPage(page)).flatMap(({ heading, typed: lines }) =>
      lines.some((line) => line.startsWith('kubectl ')) ? [[page, heading] as const] : [],
    ),
  );
  const named = Object.entries(typedByStories).flatMap(([page, headings]) =>
    headings.map((heading) => [page, heading] as const),
  );

  it.each(found)('%s, "%s": a story types it, or who does is said', (page, heading) => {
    const isTyped = typedByStories[page]?.includes(heading) ?? false;
    const elsewhere = typedElsewhere[page] ?? typedElsewhere[`${page}#${heading}`];
    expect(isTyped).not.toBe(elsewhere !== undefined);
  });

  it.each(Object.keys(typedElsewhere))('%s has something to type', (place) => {
    const places = found.flatMap(([page, heading]) => [page, `${page}#${heading}`]);
    expect(places).toContain(place);
  });

  it.each(named)('%s, "%s": there is something to type', (page, heading) => {
    expect(found).toContainEqual([page, heading]);
  });
});

const FILE = /^(examples|charts)\/|^deploy\/.*\.\w+$/;

describe('files and targets that are named in commands', () => {
  const lines = typed.map((one): [string, Typed] => [`${one.page}: ${one.words.join(' ')}`, one]);

  it.each(lines.filter(([, { words }]) => words.some((word) => FILE.test(word))))('%s', (_, { words }) => {
    const paths = words.filter((word) => FILE.test(word));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  const targets = [...readFileSync(join(root, 'Makefile'), 'utf8').matchAll(/^([a-z-]+):/gm)].map(
    ([, target]) => target,
  );

  it.each(all('make'))('%s', (_, { words: [, ...args] }) => {
    const asked = args.filter((word) => !word.includes('=') && !word.startsWith('-'));
    expect(asked.filter((target) => !targets.includes(target))).toEqual([]);
  });
});
