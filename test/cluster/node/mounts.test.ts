// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { fileSystemOf, mountsBelow } from './mounts.ts';

const mountinfo = `22 1 254:0 / / rw - ext4 /dev/vda rw
23 22 0:21 / /run rw,nosuid shared:1 - tmpfs tmpfs rw
30 23 0:21 /headway/a-1/ns /run/headway/a-1/ns rw - tmpfs tmpfs rw
31 30 0:4 mnt:[1] /run/headway/a-1/ns/mnt rw - nsfs nsfs rw
32 23 0:21 /x /run/headway/a-12/ns rw - tmpfs tmpfs rw
40 22 0:50 / /src/my\\040code/build rw - overlay overlay rw
`;

describe('mountsBelow', () => {
  it.each([
    [['/run/headway/a-1'], ['/run/headway/a-1/ns/mnt', '/run/headway/a-1/ns']],
    [['/run/headway/a-1/ns'], ['/run/headway/a-1/ns/mnt', '/run/headway/a-1/ns']],
    [['/src/my code'], ['/src/my code/build']],
    [['/nowhere'], []],
    [[], []],
  ])('%j', (folders, expected) => {
    expect(mountsBelow(mountinfo, folders)).toEqual(expected);
  });
});

describe('fileSystemOf', () => {
  it.each([
    ['/etc', 'ext4'],
    ['/run/x', 'tmpfs'],
    ['/runner', 'ext4'],
    ['/src/my code/build/cluster', 'overlay'],
  ])('%s is on %s', (path, type) => {
    expect(fileSystemOf(mountinfo, path)).toBe(type);
  });
});
