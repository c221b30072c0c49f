/** A context `license-watcher` as cdk.json holds it; every field may be overridden, or taken out by `undefined`. */
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

/** A channel in Slack, as cdk.json names it. */
export const SLACK = { workspaceId: 'T012ABCDEFG', channelId: 'C012ABCDEFG' };
