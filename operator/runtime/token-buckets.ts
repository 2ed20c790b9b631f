// SPDX-License-Identifier: Apache-2.0
import type { Clock } from './clock.ts';

export interface TokenBuckets {
  /** Takes one token from the bucket of `key`; false when it is empty. */
  take(key: string): boolean;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Full buckets of `burst` tokens, one more every `refillMs`. Buckets that are full again are forgotten. */
export function createTokenBuckets(parts: {
  readonly clock: Clock;
  readonly burst: number;
  readonly refillMs: number;
}): TokenBuckets {
  const { clock, burst, refillMs } = parts;
  const buckets = new Map<string, Bucket>();
  let sweptMs = clock.monotonicMs();

  const tokensAt = ({ tokens, atMs }: Bucket, nowMs: number) =>
    Math.min(burst, tokens + (nowMs - atMs) / refillMs);

  function sweep(nowMs: number): void {
    if (nowMs - sweptMs < burst * refillMs) return;
    sweptMs = nowMs;
    for (const [key, bucket] of buckets) {
      if (tokensAt(bucket, nowMs) >= burst) buckets.delete(key);
    }
  }

  return {
    take(key) {
      const nowMs = clock.monotonicMs();
      sweep(nowMs);
      const tokens = tokensAt(buckets.get(key) ?? { tokens: burst, atMs: nowMs }, nowMs);
      if (tokens < 1) return false;
      buckets.set(key, { tokens: tokens - 1, atMs: nowMs });
      return true;
    },
  };
}
