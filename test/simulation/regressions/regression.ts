// SPDX-License-Identifier: Apache-2.0
import type { Story } from '../story/story.ts';

/**
 * A story that once broke a rule, and why; docs/simulation.md tells what was mended. Stories are kept whole: what is drawn
 * from a seed changes with the model, a story does not.
 */
export interface Regression {
  readonly story: Story;
  /** The rule that it broke. */
  readonly broke: string;
  readonly what: string;
}
