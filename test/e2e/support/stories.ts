// SPDX-License-Identifier: Apache-2.0
import { expect, it } from '@jest/globals';
import { type Ending, endStory, recordOf, removeStory } from './close.ts';
import { explainLosses } from './losses.ts';
import { type Besides, type CanarySpecInput, type Mode, modes, type SpecInput } from './objects.ts';
import { writeRecord } from './report.ts';
import {
  beginStory,
  namespaceOf,
  type Story,
  type StoryOptions,
  untilAdopted,
  untilRouteIsGivenBack,
} from './story.ts';

export interface Plot extends Omit<StoryOptions, 'mode' | 'spec' | 'besides'> {
  /** Where it is told; by default in all, as what must hold by every router; else in two, so that the whole stays short. */
  modes?: readonly Mode[];
  spec: (mode: Mode, namespace: string) => SpecInput;
  /** What the user has beside the shop. */
  besides?: (namespace: string) => readonly Besides[];
  /** What happens between the adoption and the end of the load. */
  body: (story: Story) => Promise<void>;
  /** What else must be true when all is over. */
  epilogue?: (story: Story, ending: Ending) => Promise<void> | void;
}

const limitMs = 420_000;

/** A test for each mode: under load all the time, no request lost, and no rule of motion broken. */
export function tellStory(plot: Plot): void {
  for (const mode of plot.modes ?? modes) {
    it.concurrent(`${plot.title} (${mode})`, () => perform(plot, mode), limitMs);
  }
}

async function perform(plot: Plot, mode: Mode): Promise<void> {
  const { HEADWAY_OPERATOR_LOG: operatorLog } = process.env;
  const namespace = namespaceOf(plot.title, mode);
  const spec = plot.spec(mode, namespace);
  const story = await beginStory({
    ...(operatorLog === undefined ? {} : { operatorLog }),
    ...plot,
    mode,
    namespace,
    spec,
    besides: plot.besides?.(namespace) ?? [],
  });
  await finishStory(story, { ...plot, spec });
}

interface Rest extends Pick<Plot, 'body' | 'epilogue'> {
  spec: SpecInput;
}

/** Plays a story from the adoption to its end, records it whatever comes, and tidies up. */
export async function finishStory(story: Story, { body, epilogue, spec }: Rest): Promise<void> {
  const problems: unknown[] = [];
  let ending: Ending | undefined;
  await attempt(problems, async () => {
    await untilAdopted(story);
    await body(story);
    await untilRouteIsGivenBack(story);
  });
  await attempt(problems, async () => {
    ending = await endStory(story, weightsOf(spec));
    await expectUnharmed(story, ending);
    if (problems.length === 0) await epilogue?.(story, ending);
  });
  if (ending) writeRecord(recordOf(story, ending, problems.length === 0 ? 'passed' : 'failed'));
  if (problems.length === 0 || process.env['KEEP'] !== '1') {
    await attempt(problems, () => removeStory(story));
  }
  if (problems.length > 0) throw allOf(problems);
}

/** What fails first must not keep the rest from being recorded and tidied up. */
async function attempt(problems: unknown[], act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    problems.push(error);
  }
}

function allOf(problems: readonly unknown[]): unknown {
  if (problems.length === 1) return problems[0];
  const texts = problems.map((problem) => (problem instanceof Error ? problem.message : String(problem)));
  return new Error(texts.join('\n\nand then: '), { cause: problems[0] });
}

/** The two things that hold in every story. */
async function expectUnharmed(story: Story, { summary, audit }: Ending): Promise<void> {
  if (summary.lostTotal > 0) throw new Error(await explainLosses(story, summary));
  expect(audit.violations).toEqual([]);
}

function weightsOf(spec: SpecInput): number[] {
  const { steps, weights }: CanarySpecInput = spec;
  return steps?.flatMap(({ setWeight }) => (setWeight === undefined ? [] : [setWeight])) ?? weights ?? [];
}
