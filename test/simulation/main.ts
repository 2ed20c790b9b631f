// SPDX-License-Identifier: Apache-2.0
// make simulate N=1000: plays that many random stories on a modelled cluster, from seed FROM on (10000000: of a BlueGreen, 20000000: of a first version); SECONDS ends it early.
// SEED=x plays one and tells it.
import { simulate, tellOne } from './simulate.ts';

function numberOf<T>(name: string, fallback: T): number | T {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
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
      from: numberOf('FROM', undefined),
      budgetMs: numberOf('SECONDS', 1_000_000) * 1000,
      say,
    });
process.exit(failed === 0 ? 0 : 1);
