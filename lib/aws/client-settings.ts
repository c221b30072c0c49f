/**
 * What every AWS client of a Lambda is built with. Without `throwOnRequestTimeout` the SDK only warns when a request
 * runs over its time (measured). Two attempts; the SDK repeats throttles with HTTP 429 and 5xx by itself.
 */
export const CLIENT_SETTINGS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};
