/**
 * Stands in for `node:http` in the bundles (esbuild's `--alias`): for an ES module that imports it Node.js reads all that it exports, WebSocket
 * too, and loads the whole of undici for that: 15 of the 70 ms of CPU that importing a bundle takes (measured).
 */
export const { Agent, request, STATUS_CODES } = process.getBuiltinModule('node:http');
