// SPDX-License-Identifier: Apache-2.0
import { entrypoint, environment } from '../bundle/launch.ts';

/** A Dockerfile with other defaults for its ARGs, so that it needs no arguments; throws where it has no such ARG. */
export function withDefaults(dockerfile: string, defaults: Readonly<Record<string, string>>): string {
  return Object.entries(defaults).reduce((text, [name, value]) => {
    if (/[\s"\\$]/.test(value)) throw new Error(`${name} must be one word, not ${JSON.stringify(value)}`);
    const line = new RegExp(`^ARG ${name}(=.*)?$`, 'm');
    if (!line.test(text)) throw new Error(`the Dockerfile has no ARG ${name}`);
    return text.replace(line, () => `ARG ${name}=${value}`);
  }, dockerfile);
}

/** Where a Dockerfile starts the program in another way than the first line of the bundle does, one line each. */
export function launchProblems(dockerfile: string): string[] {
  const wanted = [
    `ENTRYPOINT ${JSON.stringify(entrypoint()).replaceAll('","', '", "')}`,
    ...Object.entries(environment).map(([name, value]) => `ENV ${name}=${value}`),
  ];
  const found = dockerfile.split('\n').filter((line) => /^(ENTRYPOINT|ENV|CMD|SHELL)\b/.test(line));
  return [
    ...wanted.filter((line) => !found.includes(line)).map((line) => `the Dockerfile must say: ${line}`),
    ...found.filter((line) => !wanted.includes(line)).map((line) => `the Dockerfile must not say: ${line}`),
  ];
}
