// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { buildImage, renderContainerfile } from './image.ts';

describe('renderContainerfile', () => {
  it('copies the folder, and runs as nobody', () => {
    expect(
      renderContainerfile({ tag: 'localhost/a:1', contextDir: '/x', entrypoint: ['/app', '--flag'] }),
    ).toBe('FROM scratch\nCOPY root /\nUSER 65532:65532\nENTRYPOINT ["/app","--flag"]\n');
  });

  it('has ports and environment', () => {
    const text = renderContainerfile({
      tag: 'localhost/a:1',
      contextDir: '/x',
      entrypoint: ['/app'],
      ports: [80, 81],
      env: { GREETING: 'a "b"' },
    });
    expect(text).toContain('ENV GREETING="a \\"b\\""\nEXPOSE 80\nEXPOSE 81\n');
  });
});

describe('buildImage', () => {
  it.each(['demo:1', 'localhost/demo', 'docker.io/demo:1', 'localhost/../x:1', 'localhost/a:b:c'])(
    'refuses the tag %s',
    async (tag) => {
      const building = buildImage({ tag, contextDir: import.meta.dirname, entrypoint: ['/app'] });
      await expect(building).rejects.toThrow(`"${tag}" cannot name an image: localhost/name:tag`);
    },
  );
});
