// SPDX-License-Identifier: Apache-2.0
// What nothing calls stays out of the bundle: source text is resident memory too.
import path from 'node:path';
import type { Plugin } from 'esbuild';

const CLIENT_NODE = /node_modules\/@kubernetes\/client-node\//;

/** The plugins that leave out what nothing calls. */
export function leaveOut(): Plugin[] {
  return [leaveOutUnused(CLIENT_NODE), leaveOutLocales, onlyDispatchers];
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
