// SPDX-License-Identifier: Apache-2.0
import { GROUP } from '../../operator/api/group.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { clusterCommand, type Stage } from '../cluster-command.ts';
import { type Command, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { KINDS, kindOf } from '../kinds.ts';
import { targetOf, unknownKind } from '../target.ts';
import { glyphsOf } from '../text/glyphs.ts';
import { ellipsisOf, printLine } from '../text/line.ts';
import { layTable } from '../text/table.ts';
import { cleanAll } from '../text/width.ts';
import { type Model, modelOf } from '../view/model.ts';
import type { World } from '../world.ts';
import { printObjects, readObjects, type Wanted } from './objects.ts';
import { columnsOf, rowOf } from './rows.ts';

const FORMATS = ['json', 'yaml', 'wide', 'name'] as const;
type Format = (typeof FORMATS)[number];

const FLAGS = {
  'all-namespaces': { short: 'A', help: 'of all namespaces' },
  output: { short: 'o', value: 'FORMAT', help: FORMATS.join(', '), oneOf: FORMATS },
} as const;

interface Asked {
  readonly wanted: Wanted;
  readonly format: Format | undefined;
}

export function getCommand(world: World): Command {
  return clusterCommand<typeof FLAGS, Asked>(
    {
      name: 'get',
      usage: '[KIND|KIND/NAME] [-A] [-o json|yaml|wide|name]',
      summary: 'list Canaries and BlueGreens',
      about: ['On a terminal the sentence of each fills what is left of its line.'],
      flags: FLAGS,
      exits: ['Exit codes: 0 done, 2 bad arguments, 5 not there or not to be had.'],
      read: ({ words, flags }) => ({
        wanted: wantedOf(words, flags['all-namespaces'] !== undefined),
        format: flags.output as Format | undefined,
      }),
      act: get,
    },
    world,
  );
}

function wantedOf(words: readonly string[], isEverywhere: boolean): Wanted {
  const [first, ...rest] = words;
  if (first === undefined) return { kinds: KINDS, isEverywhere };
  if (rest.length === 0 && !first.includes('/')) {
    const kind = kindOf(first);
    if (!kind) throw unknownKind(first);
    return { kinds: [kind], isEverywhere };
  }
  const { kind, name } = targetOf(words);
  if (isEverywhere) throw new UsageError('an object is of one namespace: leave out -A or the name');
  return { kinds: [kind], name, isEverywhere };
}

async function get({ wanted, format }: Asked, stage: Stage): Promise<number> {
  const { cluster, io } = stage;
  const objects = await readObjects(cluster, wanted);
  if (format === 'json' || format === 'yaml') {
    io.out(printObjects(objects, format, wanted.name !== undefined));
  } else if (format === 'name') {
    for (const { kind, metadata } of objects) io.out(`${kind.toLowerCase()}.${GROUP}/${metadata.name}\n`);
  } else if (objects.length === 0) {
    io.err(noneSentence(wanted, stage));
  } else {
    printTable(objects, { wanted, isWide: format === 'wide' }, stage);
  }
  return EXIT.done;
}

function noneSentence({ kinds, isEverywhere }: Wanted, { cluster }: Stage): string {
  const names = kinds.map(({ resource }) => resource.plural).join(' and ');
  const where = isEverywhere ? 'in any namespace' : `in namespace ${cluster.namespace}`;
  return `no ${names} ${where} (context "${cluster.context.name}")\n`;
}

function printTable(
  objects: readonly KubeObject[],
  { wanted, isWide }: { readonly wanted: Wanted; readonly isWide: boolean },
  { io }: Stage,
): void {
  const { screen } = io;
  const options = {
    hasNamespace: wanted.isEverywhere,
    isWide,
    hasMessage: screen.isTerminal,
    glyphs: glyphsOf(screen),
    nowMs: io.now(),
  };
  // what is wide, and what a script reads, is as long as it is
  const width = isWide || !screen.isTerminal ? undefined : screen.columns;
  const columns = width ?? Number.MAX_SAFE_INTEGER;
  const models = objects.map((object): Model => cleanAll(modelOf(object), screen.hasUnicode));
  const rows = models.map((model) => rowOf(model, options));
  const table = layTable(columnsOf(options), rows, { width, ellipsis: ellipsisOf(screen) });
  for (const line of table) io.out(`${printLine(line, { ...screen, columns })}\n`);
}
