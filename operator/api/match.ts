// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { countPresent, withRules } from './rules.ts';

const MAX_MATCHES = 8;
const MAX_HEADERS = 8;

/** A token of RFC 9110, section 5.6.2. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&*+.^_|~-]{1,63}$/;

const HeaderValue = z.string().min(1).max(256);

const HEADER_TESTS = ['exact', 'regex', 'prefix'] as const;

export const HeaderMatch = withRules(
  z.object({
    exact: HeaderValue.optional().describe('The value, 1 to 256 characters.'),
    regex: HeaderValue.optional().describe(
      'A regular expression that the value matches, 1 to 256 characters; of which flavour, and whether as a whole, is up to the controller.',
    ),
    prefix: HeaderValue.optional().describe('What the value begins with, 1 to 256 characters.'),
  }),
  [
    {
      rule: '[has(self.exact), has(self.regex), has(self.prefix)].filter(x, x).size() == 1',
      message: 'set exactly one of exact, regex and prefix',
      holds: (header) => countPresent(header, HEADER_TESTS) === 1,
    },
  ],
);
export type HeaderMatch = z.infer<typeof HeaderMatch>;

const Headers = withRules(
  z.record(z.string(), HeaderMatch).meta({ maxProperties: MAX_HEADERS, minProperties: 1 }),
  [
    {
      rule: `self.all(name, name.matches('${HEADER_NAME.source}'))`,
      message: 'names of headers must be 1 to 63 letters, digits and other characters of a token',
      holds: (headers) => Object.keys(headers).every((name) => HEADER_NAME.test(name)),
    },
  ],
).refine((headers) => {
  const count = Object.keys(headers).length;
  return count >= 1 && count <= MAX_HEADERS;
}, `must have 1 to ${MAX_HEADERS} headers`);

export const RequestMatch = z.object({
  headers: Headers.describe('Headers by name, 1 to 8; a request must have all of them.'),
});
export type RequestMatch = z.infer<typeof RequestMatch>;

export const RequestMatches = z.array(RequestMatch).min(1).max(MAX_MATCHES);
