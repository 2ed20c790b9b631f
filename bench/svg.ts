// SPDX-License-Identifier: Apache-2.0

/** A picture on white, of the given elements. */
export function svg(width: number, height: number, elements: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="white"/>',
    ...elements,
    '</svg>',
    '',
  ].join('\n');
}

export function text(x: number, y: number, content: string, anchor = 'start'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${content}</text>`;
}

/** A square of a colour and what it stands for. */
export function legendEntry(x: number, name: string, colour: string): string {
  return `<rect x="${x}" y="30" width="12" height="12" fill="${colour}"/>${text(x + 18, 40, name)}`;
}

/** A bar to the right, and what it says behind it. */
export function bar(
  { x, y, width }: { x: number; y: number; width: number },
  colour: string,
  label: string,
): string {
  const drawn = `<rect x="${x}" y="${y}" width="${Math.max(1, width).toFixed(1)}" height="8" fill="${colour}"/>`;
  return `${drawn}<text x="${(x + width + 5).toFixed(1)}" y="${y + 8}" font-size="9">${label}</text>`;
}
