interface ActionInWords {
  readonly does: string;
  /** What the watcher takes out of the account with it; null: nothing. */
  readonly leaves: string | null;
}

const ACTIONS: ReadonlyMap<string, ActionInWords> = new Map([
  [
    'license-manager:ListReceivedLicenses',
    {
      does: 'List the licenses that this account has received, with their grants’ states.',
      leaves:
        'For each license of the seller’s products: ARN, version, status, state of its grant, begin and end, and its entitlements (name, unit, value, maximum, overage). The watcher asks for the seller’s product IDs only. For a license with such an ID from another issuer it keeps the ARN; for all other licenses it keeps nothing.',
    },
  ],
  [
    'license-manager:GetLicense',
    {
      does: 'Read the present or an earlier version of one license.',
      leaves: 'The same facts, read once more.',
    },
  ],
  [
    'license-manager:ListLicenseVersions',
    { does: 'List the versions of one license.', leaves: 'The same facts.' },
  ],
  [
    'license-manager:GetLicenseUsage',
    {
      does: 'Read how much of a license is used.',
      leaves: 'For each entitlement of the seller’s products: how much is used, and of how much.',
    },
  ],
  [
    'license-manager:CheckoutLicense',
    {
      does: 'Check a license out, as the seller’s product does when it starts: to see whether it would start.',
      leaves: 'Whether the checkout was accepted, or the name of the error.',
    },
  ],
  [
    'license-manager:CheckInLicense',
    { does: 'Undo such a checkout. The watcher does so at once.', leaves: null },
  ],
  ['sts:AssumeRole', { does: 'Get a session of the role, for a limited time.', leaves: null }],
  ['sns:Publish', { does: 'Send a message to the topic: the notices to you.', leaves: null }],
  [
    'sns:GetTopicAttributes',
    {
      does: 'Read the attributes of the topic, to know whether anybody has confirmed a subscription.',
      leaves: 'How many subscriptions are confirmed and pending. No addresses.',
    },
  ],
  [
    'sns:ListSubscriptionsByTopic',
    {
      does: 'List who is subscribed to the topic, to see whether each address you name is confirmed, and to tell you and the seller when one no longer is.',
      leaves:
        'For every subscription of this topic, also those you add yourself: the e-mail address, or the ARN or URL of whatever else is subscribed, and whether it is confirmed. These addresses become visible to the seller.',
    },
  ],
]);

/** Undefined: nobody has described this action, and the page says so. */
export function actionInWords(action: string): ActionInWords | undefined {
  return ACTIONS.get(action);
}
