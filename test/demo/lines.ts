// SPDX-License-Identifier: Apache-2.0
import type { CanaryStatus, CheckStatus } from '../../operator/api/canary-status.ts';
import type { Colour, Paint } from './paint.ts';

/** Answers by version in the last whole second, as clients got them. */
export type Answers = Readonly<Record<string, number>>;

/** What one line of the story is about. */
export interface Scene {
  readonly status: CanaryStatus;
  readonly answers: Answers;
}

/** `14:02:27  step 1/4  weight 20% (observed 0%)  answers/s 1.0.0 80, 1.1.0 20  success-rate 99.4%  message`. */
export function sceneLine({ status, answers }: Scene, paint: Paint): string {
  const { phase = 'Pending', step, weight, message = '' } = status;
  const place = step ? `step ${step.position}` : phase.toLowerCase();
  const parts = [
    place.padEnd(12),
    `canary ${bar(weight?.observed ?? 0, paint)} ${weightText(weight)}`.padEnd(paint.isPlain ? 30 : 30),
    answersText(answers).padEnd(28),
    checksText(status).padEnd(22),
    paint.colour(firstPart(message), colourOf(phase)),
  ];
  return parts.join('  ').trimEnd();
}

const barWidth = 10;

function bar(percent: number, { isPlain }: Paint): string {
  const filled = Math.round((percent / 100) * barWidth);
  const [full, empty] = isPlain ? ['#', '.'] : ['█', '░'];
  return `${full.repeat(filled)}${empty.repeat(barWidth - filled)}`;
}

function weightText(weight: CanaryStatus['weight']): string {
  const { desired = 0, observed = 0 } = weight ?? {};
  return desired === observed ? `${observed}%` : `${observed}% of ${desired}%`;
}

function answersText(answers: Answers): string {
  const parts = Object.entries(answers)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([version, count]) => `${version}: ${count}/s`);
  return parts.length === 0 ? 'no answers yet' : parts.join(' ');
}

function checksText({ analysis }: CanaryStatus): string {
  const checks = analysis?.background?.checks ?? [];
  return checks.map(checkText).join(' ');
}

function checkText({ name, samples }: CheckStatus): string {
  const last = samples.at(-1);
  if (last?.value === undefined) return `${name} ${last?.noData === undefined ? '-' : 'no data'}`;
  return `${name} ${last.value.toFixed(1)}%${last.good === false ? ' !' : ''}`;
}

/** The sentence without the place, which the line has already said. */
function firstPart(message: string): string {
  return message.replace(/^step \d+\/\d+, [^;]*; /, '');
}

function colourOf(phase: string): Colour {
  switch (phase) {
    case 'Healthy':
      return 'green';
    case 'RollingBack':
    case 'RolledBack':
    case 'Invalid':
      return 'red';
    case 'Holding':
    case 'Paused':
      return 'yellow';
    default:
      return 'dim';
  }
}

/** Two scenes that say the same need only one line. */
export function tellsApart(a: CanaryStatus | undefined, b: CanaryStatus): boolean {
  const essence = (status: CanaryStatus | undefined): unknown => [
    status?.phase,
    status?.stage,
    status?.step?.index,
    status?.weight?.desired,
    status?.weight?.observed,
  ];
  return JSON.stringify(essence(a)) !== JSON.stringify(essence(b));
}
