// SPDX-License-Identifier: Apache-2.0

/** What a sentence has room for. */
const MOST_CHARS = 200;
const MOST_LINES = 3;

const MASK = '***';

/**
 * What looks like a credential. A log is its author's word, so that this is a net and no wall: who may read the Canary
 * reads what its Job prints last.
 */
const SECRETS: readonly { readonly pattern: RegExp; readonly mask: string }[] = [
  { pattern: /\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, mask: MASK },
  { pattern: /\/\/[^\s/@]*@/g, mask: `//${MASK}@` },
  {
    pattern:
      /((?:[\w-]*(?:authorization|passw(?:or)?d|passphrase|secret|token|credential|cookie|private[_-]?key|api[_-]?key|access[_-]?key)[\w-]*)["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&"']+)/gi,
    mask: `$1${MASK}`,
  },
  { pattern: /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, mask: MASK },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, mask: MASK },
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----.*/g, mask: MASK },
];

// oxlint-disable-next-line no-control-regex -- colours and other escapes of terminals
const ESCAPES = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b[@-_]/g;
// oxlint-disable-next-line no-control-regex -- whatever else would break a line
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/**
 * The last three lines of a log with something in them, as one line of at most 200 characters, without control
 * characters, and with what looks like a credential masked. '' where there is none. Cut at its beginning: the end says why.
 */
export function logTail(log: string): string {
  const lines = log
    .replace(ESCAPES, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(CONTROLS, ' ').trim())
    .filter((line) => line !== '');
  const text = lines.slice(-MOST_LINES).map(masked).join(' | ').toWellFormed();
  return text.length <= MOST_CHARS ? text : `…${text.slice(1 - MOST_CHARS)}`.toWellFormed();
}

function masked(line: string): string {
  return SECRETS.reduce((text, { pattern, mask }) => text.replace(pattern, mask), line);
}
