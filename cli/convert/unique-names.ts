// SPDX-License-Identifier: Apache-2.0

interface Named {
  readonly name: string;
}

/** The same, but of one name the later ones get a number. */
export function uniqueByName<T extends Named>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.map((item) => {
    let { name } = item;
    for (let count = 2; seen.has(name); count++) name = `${item.name.slice(0, 59)}-${count}`;
    seen.add(name);
    return name === item.name ? item : { ...item, name };
  });
}
