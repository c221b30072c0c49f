/** Lambda passes its role's credentials in the environment and nowhere else. */
export function defaultProvider() {
  return () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
    const { AWS_SESSION_TOKEN: sessionToken } = process.env;
    if (!accessKeyId || !secretAccessKey) {
      // The error table knows it by this name.
      const missing = new Error(
        'AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set; expected what Lambda sets',
      );
      return Promise.reject(Object.assign(missing, { name: 'CredentialsProviderError' }));
    }
    return Promise.resolve({
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
    });
  };
}
