// SPDX-License-Identifier: Apache-2.0
import { HeaderMatch } from '../../../operator/api/match.ts';
import { isJson } from '../../manifests/manifests.ts';
import type { FlaggerContext } from './canary.ts';
import type { MadeTraffic } from './traffic.ts';

/** Requests that go to the canary, whatever its weight is. */
export function convertMatch(
  { ledger, draft, analysis }: FlaggerContext,
  { router, canMatch }: MadeTraffic,
): void {
  const path = [...analysis, 'match'];
  const made: { headers: object }[] = [];
  for (const [index, match] of ledger.list(...path).entries()) {
    const headers = headersOf(match);
    const isRoom =
      canMatch && (router !== 'ingress' || (made.length === 0 && Object.keys(headers ?? {}).length === 1));
    if (!headers || !isRoom) {
      ledger.dropped(
        [...path, index],
        headers ? 'this router cannot choose these requests' : 'requests are chosen by headers alone',
      );
      continue;
    }
    ledger.kept([...path, index], draft.place(['spec', 'match', made.length]));
    made.push({ headers });
  }
  if (made.length > 0) draft.set(['spec', 'match'], made);
  if (made.length < ledger.list(...path).length) {
    draft.look(
      ['spec', 'steps'],
      'not all requests that went to the canary could be said here: without match it gets none at weight 0.',
    );
  }
}

/** Headers by name, where nothing but headers is asked for, and each can be said. */
function headersOf(match: unknown): Record<string, unknown> | undefined {
  if (!isJson(match) || Object.keys(match).join() !== 'headers' || !isJson(match['headers']))
    return undefined;
  const headers = Object.entries(match['headers']).map(
    ([name, test]) => [name, HeaderMatch.safeParse(test)] as const,
  );
  if (!headers.every(([, { success }]) => success)) return undefined;
  return Object.fromEntries(headers.map(([name, { data }]) => [name, data]));
}
