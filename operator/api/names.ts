// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A name of at most 63 characters, as Services have; or fewer. */
export function LabelName(description: string, max = 63) {
  return z
    .string()
    .min(1)
    .max(max)
    .regex(
      DNS_LABEL,
      'must be lower-case letters, digits and "-", starting and ending with a letter or digit',
    )
    .describe(description);
}

/** A name of at most 253 characters, as most objects have. */
export function ObjectName(description: string) {
  return z
    .string()
    .min(1)
    .max(253)
    .regex(
      DNS_SUBDOMAIN,
      'must be lower-case letters, digits, "-" and ".", starting and ending with a letter or digit',
    )
    .describe(description);
}

/** What stands before the slash in the annotations of a controller; `example` is the one that most have. */
export function AnnotationPrefix(example: string) {
  return z
    .string()
    .min(1)
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, `must be a domain such as ${example}, without "/"`);
}
