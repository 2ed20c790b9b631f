// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { followAudit } from './audit-follower.ts';

let dir = '';
let path = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'headway-audit-'));
  path = join(dir, 'audit.log');
  writeFileSync(path, line('before'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function line(name: string): string {
  const time = '2026-01-02T03:04:05.000001Z';
  return `${JSON.stringify({
    verb: 'patch',
    user: { username: 'operator' },
    objectRef: { resource: 'canaries', name },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
  })}\n`;
}

function namesOf(follower: ReturnType<typeof followAudit>): string[] {
  return follower.read().map(({ name }) => name);
}

describe('followAudit', () => {
  it('begins at the end and reads what comes, each line once', () => {
    const follower = followAudit(path, () => true);
    expect(namesOf(follower)).toEqual([]);
    appendFileSync(path, line('a') + line('b'));
    expect(namesOf(follower)).toEqual(['a', 'b']);
    expect(namesOf(follower)).toEqual([]);
    follower.close();
  });

  it('waits for the rest of a line, also within a character', () => {
    const follower = followAudit(path, () => true);
    const bytes = Buffer.from(line('ü'));
    const inside = bytes.indexOf(Buffer.from('ü')) + 1;
    appendFileSync(path, bytes.subarray(0, inside));
    expect(namesOf(follower)).toEqual([]);
    appendFileSync(path, bytes.subarray(inside));
    expect(namesOf(follower)).toEqual(['ü']);
    follower.close();
  });

  it('goes on in the next file and loses nothing of the last one', () => {
    const follower = followAudit(path, () => true);
    appendFileSync(path, line('a'));
    renameSync(path, join(dir, 'audit-1.log'));
    appendFileSync(join(dir, 'audit-1.log'), line('b'));
    writeFileSync(path, line('c'));
    expect(namesOf(follower)).toEqual(['a', 'b', 'c']);
    appendFileSync(path, line('d'));
    expect(namesOf(follower)).toEqual(['d']);
    follower.close();
  });

  it('parses only what is wanted', () => {
    const follower = followAudit(path, (text) => text.includes('"a"'));
    appendFileSync(path, `${line('a')}{"no": "event"}\n${line('b')}`);
    expect(namesOf(follower)).toEqual(['a']);
    follower.close();
  });
});
