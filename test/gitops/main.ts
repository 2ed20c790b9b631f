// SPDX-License-Identifier: Apache-2.0
// Prints objects and what is to be made of them, one a line, for the Go tests beside it. STORIES: how many random stories to look at.
import { caseOf } from './expected.ts';
import { metInStories } from './simulated.ts';
import { objectIn, STATES } from './states.ts';

const kinds = ['Canary', 'BlueGreen'] as const;
const stories = Number(process.env['STORIES'] ?? 45);

for (const kind of kinds) {
  for (const state of STATES) say(`${kind}/${state.name}`, await objectIn(state, kind));
}
for (const { seed, object } of await metInStories(stories)) say(`${object.kind} in story ${seed}`, object);

function say(name: string, object: Parameters<typeof caseOf>[1]): void {
  console.log(JSON.stringify(caseOf(name, object)));
}
