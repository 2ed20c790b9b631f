// SPDX-License-Identifier: Apache-2.0

/** A write that is on its way cannot know what has just changed; who has stood still for longer must look. In ms. */
export const HEARD_AFTER_MS = 5000;
