// SPDX-License-Identifier: Apache-2.0
import type { Backend } from './backend.ts';

const MAX_LISTED = 5;

/** Whom backends lead to, each once and the first five: `Service a, Service b in namespace other and 2 more`; '' for none. */
export function listed(refs: readonly Backend[], namespace: string): string {
  const names = refs.map(({ kind, namespace: of, name }) => {
    const place = (of ?? namespace) === namespace ? '' : ` in namespace ${of}`;
    return `${kind ?? 'Service'} ${name}${place}`;
  });
  const distinct = [...new Set(names)];
  const more = distinct.length > MAX_LISTED ? ` and ${distinct.length - MAX_LISTED} more` : '';
  return `${distinct.slice(0, MAX_LISTED).join(', ')}${more}`;
}
