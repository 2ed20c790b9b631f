// SPDX-License-Identifier: Apache-2.0

/** `I1122 02:23:02.633883`: the level, the day and the time, which is that of this machine. */
const HEAD = /^([IWEF])\d{4} (\d\d):(\d\d):(\d\d\.\d+)/;
const DAY_MS = 86_400_000;

/** Lines of a log of Kubernetes within so many ms of a moment: those that `isWanted`, and each warning and error. */
export function klogAround(
  text: string,
  { atMs, withinMs, isWanted }: { atMs: number; withinMs: number; isWanted: (line: string) => boolean },
): string[] {
  return text.split('\n').filter((line) => {
    const [, level, hours, minutes, seconds] = HEAD.exec(line) ?? [];
    if (level === undefined) return false;
    const midnight = new Date(atMs).setHours(0, 0, 0, 0);
    const ms = midnight + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
    const apartMs = Math.abs(ms - atMs);
    // the line may be of the day before or after
    return Math.min(apartMs, DAY_MS - apartMs) <= withinMs && (level !== 'I' || isWanted(line));
  });
}
