// SPDX-License-Identifier: Apache-2.0
// One file out of the operator and its dependencies: dist/headway.mjs, with a source map and the licences beside it.
import { chmodSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, type Plugin } from 'esbuild';

const ROOT = path.resolve(import.meta.dirname, '..');

/**
 * The file runs by itself with these settings. The operator allocates little and often: without the flags V8 keeps the
 * garbage of a busy minute, without the variable glibc keeps what each of V8's threads once used. At 1,000 objects
 * that would more than double the resident memory (docs/benchmarks).
 */
const HASHBANG =
  '#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node --max-semi-space-size=1 --optimize-for-size --no-maglev';

/** Some dependencies are CommonJS and call require for Node's own modules; ESM has none. */
const REQUIRE_BANNER =
  "import { createRequire as headwayCreateRequire } from 'node:module'; const require = headwayCreateRequire(import.meta.url);";

const CLIENT_NODE = /node_modules\/@kubernetes\/client-node\//;

interface BundleOptions {
  readonly entry: string;
  readonly outfile: string;
  readonly version: string;
}

async function bundle({ entry, outfile, version }: BundleOptions): Promise<string[]> {
  const { warnings, metafile } = await build({
    entryPoints: [entry],
    outfile,
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node26',
    banner: { js: `${HASHBANG}\n${REQUIRE_BANNER}` },
    define: { HEADWAY_VERSION: JSON.stringify(version) },
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'linked',
    // Names stay for stack traces; the white space would cost 7 MB of resident memory as source text.
    minifyWhitespace: true,
    plugins: [leaveOutUnused(CLIENT_NODE), leaveOutLocales, onlyDispatchers],
    metafile: true,
    logLevel: 'warning',
  });
  if (warnings.length > 0) throw new Error(`the bundle has ${warnings.length} warnings`);
  return heaviest(metafile.outputs[path.relative(ROOT, outfile)]?.inputs ?? {});
}

/**
 * Tells esbuild what the package does not say itself: importing its modules does nothing but define them, so what
 * nobody uses may go. Its 700 models of objects would cost 6 MB of resident memory.
 */
function leaveOutUnused(packagePath: RegExp): Plugin {
  return {
    name: 'leave-out-unused',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path: wanted, importer, resolveDir }) =>
        packagePath.test(importer)
          ? { path: path.resolve(resolveDir, wanted), sideEffects: false }
          : undefined,
      );
    },
  };
}

/** zod's messages in fifty languages, of which only English is ever used, cost 4 MB of resident memory. */
const leaveOutLocales: Plugin = {
  name: 'leave-out-locales',
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, ({ path: index }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: path.dirname(index),
    }));
  },
};

/**
 * undici without fetch, WebSocket, EventSource, caches and mocks, of which nothing is used: 4 MB of resident memory. An
 * import of anything else from it fails the build. Only client-node may import fetch, for its typed API, which nothing
 * calls; it gets one that throws.
 */
const onlyDispatchers: Plugin = {
  name: 'only-dispatchers',
  setup({ onLoad, onResolve, resolve }) {
    onResolve({ filter: /^undici$/ }, async ({ path: wanted, importer, kind, resolveDir, pluginData }) => {
      if (pluginData === 'resolved' || !CLIENT_NODE.test(importer)) return undefined;
      const found = await resolve(wanted, { importer, kind, resolveDir, pluginData: 'resolved' });
      return { ...found, suffix: '?fetch' };
    });
    onLoad({ filter: /\/undici\/index\.js$/ }, ({ path: index, suffix }) => ({
      contents: DISPATCHERS + (suffix === '?fetch' ? NO_FETCH : ''),
      resolveDir: path.dirname(index),
    }));
  },
};

const DISPATCHERS = `
  import api from './lib/api/index.js';
  import Dispatcher from './lib/dispatcher/dispatcher.js';
  Object.assign(Dispatcher.prototype, api); // as index.js does
  export { Dispatcher };
  export { default as Agent } from './lib/dispatcher/agent.js';
  export { default as ProxyAgent } from './lib/dispatcher/proxy-agent.js';
  export { default as errors } from './lib/core/errors.js';
`;

const NO_FETCH = `
  export function fetch() { throw new Error('undici is bundled without fetch'); }
`;

/** The packages that weigh most in the bundle. */
function heaviest(inputs: Readonly<Record<string, { bytesInOutput: number }>>): string[] {
  const bytes = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? 'headway';
    bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
  }
  const sorted = [...bytes].toSorted(([, a], [, b]) => b - a).slice(0, 5);
  return sorted.map(([name, size]) => `${name} ${kilobytes(size)}`);
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`;
}

const { values } = parseArgs({
  options: {
    entry: { type: 'string', default: path.join(ROOT, 'operator/main.ts') },
    outfile: { type: 'string', default: path.join(ROOT, 'dist/headway.mjs') },
  },
});
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
const outfile = path.resolve(values.outfile);
const startMs = performance.now();
const heavy = await bundle({ entry: path.resolve(values.entry), outfile, version });
chmodSync(outfile, 0o755);
const tookMs = Math.round(performance.now() - startMs);
console.log(
  `headway ${version}: ${path.relative(process.cwd(), outfile)}, ${kilobytes(statSync(outfile).size)}, ${tookMs} ms`,
);
console.log(`most of it: ${heavy.join(', ')}`);
