// SPDX-License-Identifier: Apache-2.0
// make simulate N=1000: plays that many random stories on a modelled cluster, from seed FROM on; SECONDS ends it early.
// SEED=x plays one and tells it.
import { simulate, tellOne } from './simulate.ts';

function numberOf(name: string, fallback: number): number {
  const text = process.env[name];
  const value = text === undefined || text === '' ? fallback : Number(text);
  if (Number.isFinite(value) && value >= 1) return value;
  console.error(`${name} is a number from 1 on, not "${text}"`);
  process.exit(2);
}

const say = (line: string) => console.log(line);
const seed = process.env['SEED'];
const failed = seed
  ? await tellOne(seed, say)
  : await simulate({
      count: numberOf('N', 2000),
      from: numberOf('FROM', 1),
      budgetMs: numberOf('SECONDS', 1_000_000) * 1000,
      say,
    });
process.exit(failed === 0 ? 0 : 1);
