// SPDX-License-Identifier: Apache-2.0
import { type CanarySpecInput, type Mode, modes } from '../support/objects.ts';
import { type Operator, startOperator } from '../support/operator.ts';
import { finishStory, type Plot } from '../support/stories.ts';
import { beginStory, namespaceOf, type Story } from '../support/story.ts';

export interface Fault {
  title: string;
  /** Port of the operator's health and metrics. */
  port: number;
  spec: (mode: Mode) => CanarySpecInput;
  /** Until all stories are where the fault should find them. */
  before: (story: Story) => Promise<void>;
  /** What happens to the whole cluster, once for all. */
  strike: (stories: readonly Story[]) => Promise<void>;
  after: (story: Story) => Promise<void>;
  epilogue?: Plot['epilogue'];
}

/** A fault that hits all modes at the same moment, under one operator of their own. */
export async function strikeAll(fault: Fault): Promise<void> {
  const names = new Map(modes.map((mode) => [mode, namespaceOf(fault.title, mode)]));
  const operator = await startOperator({
    name: fault.title.replaceAll(' ', '-'),
    kubeconfig: process.env['HEADWAY_KUBECONFIG'] ?? '',
    namespaces: [...names.values()],
    port: fault.port,
  });
  try {
    await playAll(fault, names, operator);
  } finally {
    await operator.stop('SIGKILL');
  }
}

async function playAll(fault: Fault, names: ReadonlyMap<Mode, string>, operator: Operator): Promise<void> {
  const stories = await Promise.all(
    modes.map((mode) => {
      const namespace = names.get(mode) ?? '';
      return beginStory({ ...fault, mode, namespace, spec: fault.spec(mode), operatorLog: operator.logPath });
    }),
  );
  const meeting = createMeeting(stories.length, () => fault.strike(stories));
  const ends = await Promise.allSettled(stories.map((story) => play(fault, story, meeting)));
  const problems = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (problems.length > 0) {
    const texts = problems.map((one) => (one instanceof Error ? one.message : String(one)));
    throw new Error(texts.join('\n\n'), { cause: problems[0] });
  }
}

async function play(fault: Fault, story: Story, meeting: Meeting): Promise<void> {
  const { epilogue } = fault;
  try {
    await finishStory(story, {
      spec: fault.spec(story.mode),
      ...(epilogue ? { epilogue } : {}),
      body: async () => {
        await fault.before(story);
        await meeting.arrive();
        await fault.after(story);
      },
    });
  } catch (error) {
    meeting.callOff(`${story.title} (${story.mode}) did not come so far`);
    throw error;
  }
}

interface Meeting {
  /** Resolves when everybody has come and the strike is over; rejects when one will not come. */
  arrive(): Promise<void>;
  callOff(why: string): void;
}

function createMeeting(count: number, strike: () => Promise<void>): Meeting {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let there = 0;
  return {
    arrive() {
      there += 1;
      if (there === count) strike().then(resolve, reject);
      return promise;
    },
    callOff(why) {
      // Only who waits hears it; nobody has to.
      promise.catch(() => undefined);
      reject(new Error(why));
    },
  };
}
