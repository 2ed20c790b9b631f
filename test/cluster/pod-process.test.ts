// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { findProcess, isWanted } from './pod-process.ts';

const podUid = '0f3c2a9e-1111-2222-3333-444455556666';
const word = '/usr/lib/headway/headway.mjs';
const cgroup = `4:memory:/headway-bench/kubepods/besteffort/pod${podUid}/abcdef\n`;
const cmdline = ['/usr/local/bin/node', '--no-maglev', word, '--namespaces=a', ''].join('\0');

describe('isWanted', () => {
  it.each<[string, string, string, boolean]>([
    ['the program in the pod', cgroup, cmdline, true],
    ['the same in cgroup v2', `0::/kubepods/pod${podUid}/abcdef\n`, cmdline, true],
    ['the pause process of the pod', cgroup, '/app\0', false],
    ['the program in another pod', cgroup.replace(podUid, `1${podUid.slice(1)}`), cmdline, false],
    ['the program outside of pods', '0::/user.slice\n', cmdline, false],
    ['a program that only names it in an argument', cgroup, `/bin/ls\0--file=${word}\0`, false],
    ['a process that has ended', '', '', false],
  ])('says of %s %#', (_, group, command, expected) => {
    expect(isWanted({ podUid, word }, group, command)).toBe(expected);
  });
});

describe('findProcess', () => {
  it('says so when there is none', () => {
    expect(() => findProcess({ podUid, word })).toThrow(`0 processes of pod ${podUid} run ${word}`);
  });
});
