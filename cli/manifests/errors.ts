// SPDX-License-Identifier: Apache-2.0
import type { YAMLError } from 'yaml';

/** What is wrong in the text of a file, and what would be right where that is known. */
export function errorText({ code, message, pos }: YAMLError, text: string): string {
  if (code === 'DUPLICATE_KEY') {
    return `${keyAt(text, pos[0])}: stands twice in one object; the second one wins, so keep one of them`;
  }
  if (code === 'TAB_AS_INDENT') return 'is not YAML: a tab indents the line; use spaces';
  return `is not YAML: ${message.replace(/\.$/, '')}`;
}

/** The key that begins at an offset. */
function keyAt(text: string, offset: number): string {
  const found = /^(?:"([^"\n]*)"|'([^'\n]*)'|([^:\n,{}]*))/.exec(text.slice(offset));
  return (found?.[1] ?? found?.[2] ?? found?.[3] ?? '').trim();
}
