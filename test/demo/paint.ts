// SPDX-License-Identifier: Apache-2.0

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** How lines look: with colours and blocks on a terminal that shows them, in plain ASCII elsewhere. */
export interface Paint {
  readonly isPlain: boolean;
  colour(text: string, colour: Colour): string;
}

const codes: Readonly<Record<Colour, number>> = { green: 32, red: 31, yellow: 33, dim: 2, bold: 1 };

/** https://no-color.org: any value of NO_COLOR but an empty one switches colours off. */
export function paintFor(isTerminal: boolean, env: NodeJS.ProcessEnv): Paint {
  const isPlain = !isTerminal || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return {
    isPlain,
    colour: (text, colour) => (isPlain ? text : `\u001b[${codes[colour]}m${text}\u001b[0m`),
  };
}
