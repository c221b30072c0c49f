/**
 * The settings of the SDK's clients of the seller's commands, and the limits of every call that a Lambda makes without the SDK
 * (`connections`). Without `throwOnRequestTimeout` the SDK only warns when a request takes too long
 * (measured). Two attempts; the SDK itself repeats throttles with HTTP 429 and 5xx.
 */
export const CLIENT_SETTINGS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};
