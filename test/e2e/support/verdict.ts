// SPDX-License-Identifier: Apache-2.0

const time = String.raw`\d\d:\d\d:\d\d`;

/** The check's own limit, or the comparison with stable: which of the two speaks first is up to what was measured first. */
const evidence = String.raw`success-rate(?: [\d.]+% < 95%|: the canary has [\d.]+% errors ).*`;

/** Why a release with too many errors was rolled back, where, and since when all traffic is back. */
export function rolledBackFor({ where, to }: { where: string; to: string }): RegExp {
  return new RegExp(
    `^${evidence} ${quote(where)}; all traffic on ${quote(to)} since ${time} \\(\\d+\\.\\d s\\)$`,
  );
}

/** Why a release with too many errors waits for a person. */
export function pausedFor(where: string): RegExp {
  return new RegExp(
    `^step [12]/2, ${quote(where)}; ${evidence}; paused since ${time}; promote, retry or abort$`,
  );
}

function quote(text: string): string {
  return text.replaceAll(/[.()]/g, String.raw`\$&`);
}
