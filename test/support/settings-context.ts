/** A context `license-watcher` as in cdk.json; every field may be overridden, or removed with `undefined`. */
export function settingsContext(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return { sellerName: 'Example Software', products: [productContext()], ...overrides };
}

export function productContext(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'viewer',
    name: 'Example Viewer',
    productSku: 'prod-viewer',
    contact: 'support@example.com',
    ...overrides,
  };
}

/** A Slack channel, as in cdk.json. */
export const SLACK = { workspaceId: 'T012ABCDEFG', channelId: 'C012ABCDEFG' };
