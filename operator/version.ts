// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';

/** Put in by the bundler; absent when the sources run. */
declare const HEADWAY_VERSION: string | undefined;

function readVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}

/** Version of Headway, as in package.json. */
export const version: string = typeof HEADWAY_VERSION === 'string' ? HEADWAY_VERSION : readVersion();
