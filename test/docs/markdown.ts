// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** Every page for readers, as paths from the root of the checkout. */
export const pages: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name))),
].toSorted();

export function readPage(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export interface Fence {
  readonly language: string;
  readonly text: string;
}

/** In a list it stands as far in as the list. */
const FENCE = /^( *)```(\S*)\n([\s\S]*?)^\1```$/gm;

export function fencesOf(page: string): Fence[] {
  return [...page.matchAll(FENCE)].map(([, indent = '', language = '', text = '']) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** The prose: what stands in fences is not Markdown. */
export function withoutFences(page: string): string {
  return page.replace(FENCE, '');
}

/** Targets of links and images, without those to other hosts. */
export function relativeLinks(page: string): string[] {
  const targets = [...withoutFences(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** Names of the anchors that GitHub gives the headings of a page. */
export function anchorsOf(page: string): string[] {
  const headings = [...withoutFences(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, text = '']) => text);
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

/** What stands between backticks. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** A row of a table by the names of its columns. */
export type Row = ReadonlyMap<string, string>;

/** The rows of every table whose first column has this name. */
export function rowsOf(page: string, firstColumn: string): Row[] {
  return tablesIn(withoutFences(page)).flatMap(([names = [], , ...lines]) =>
    names[0] === firstColumn
      ? lines.map((cells) => new Map(names.map((name, i) => [name, cells[i] ?? ''])))
      : [],
  );
}

/** The cells of the first column, as one text. */
export function firstCells(rows: readonly Row[]): string {
  return rows.map((row) => [...row.values()][0] ?? '').join('\n');
}

function tablesIn(prose: string): string[][][] {
  const blocks = prose.match(/(?:^\|.*\|\n)+/gm) ?? [];
  return blocks.map((block) => block.trimEnd().split('\n').map(cellsOf));
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}

/**
 * Lines that are typed below a heading and before the next one, without comments; a line that goes on is one. Throws where
 * there is no such heading.
 */
export function linesUnder(page: string, heading: string): string[] {
  const section = sectionsOf(page).find((one) => one.heading === heading);
  if (!section) throw new Error(`there is no heading "${heading}"`);
  return section.typed;
}

/** The headings of a page with what is typed below each; those without are left out. */
export function typedSections(page: string): { readonly heading: string; readonly typed: string[] }[] {
  return sectionsOf(page).filter(({ typed }) => typed.length > 0);
}

const SHELLS = ['sh', 'bash', 'console'];

function sectionsOf(page: string): { heading: string; typed: string[] }[] {
  // A comment of a shell is no heading, so fences are set aside by their place.
  const fences = fencesOf(page);
  const marked = page.replace(FENCE, '\u0000');
  let at = 0;
  return marked.split(/^(?=#{1,6} )/m).map((part) => ({
    heading: /^#{1,6} (.+)$/m.exec(part)?.[1] ?? '',
    typed: part
      .split('\u0000')
      .slice(1)
      .flatMap(() => typedIn(fences[at++])),
  }));
}

function typedIn(fence: Fence | undefined): string[] {
  if (!fence || !SHELLS.includes(fence.language) || fence.text.startsWith('#!')) return [];
  const lines = fence.text.replaceAll('\\\n', ' ').split('\n');
  return lines.map((line) => line.replace(/(^|\s+)#.*$/, '')).filter((line) => line.trim() !== '');
}

/** Commands of the fence behind `<!-- run: NAME -->`, a line each, without comments. Throws where there is none. */
export function commandsOfRun(page: string, name: string): string[] {
  const found = new RegExp(`<!-- run: ${name} -->\\n\\n\`\`\`sh\\n([^]*?)\`\`\``).exec(page);
  if (!found) throw new Error(`there are no commands behind <!-- run: ${name} -->`);
  const lines = (found[1] ?? '').split('\n').map((line) => line.replace(/\s+#.*$/, ''));
  return lines.filter((line) => line !== '');
}
