/**
 * Stands in for `@aws/lambda-invoke-store` in the bundles (esbuild's `--alias`): the SDK passes on the trace of the invocation, by which
 * Lambda ends recursive loops. Our environments run one invocation at a time, whose trace is in the environment. The SDK's store is for
 * many at once, 2 of 470 kB (measured).
 */
export const InvokeStore = {
  getInstanceAsync: () =>
    Promise.resolve({ getXRayTraceId: () => process.env['_X_AMZN_TRACE_ID'] }),
};
