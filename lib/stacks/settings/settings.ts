import { problemsOf } from './problems.ts';
import { watcherSchema } from './watcher-schema.ts';
import type { Severity } from '../../domain/notice/notice.ts';
import { auditTableName, watchTableName, type TemplateAccess } from '../../messages/names.ts';
import type { Settings } from '../../messages/settings.ts';

/** The key of the context in cdk.json that holds all that a seller decides. */
export const CONTEXT_KEY = 'license-watcher';

/** What the seller decided: `settings` for the functions, the rest for the stacks alone. */
export interface WatcherConfig {
  readonly settings: Settings;
  readonly region: string;
  readonly sellerEmail: string | null;
  /** The contact for a buyer's security team. Null: the contact of each product. */
  readonly securityContact: string | null;
  readonly operationsEmail: string | null;
  readonly auditTableName: string;
  readonly watchTableName: string;
  readonly templateAccess: TemplateAccess;
  /** The organization whose accounts may make rules on the event bus; null: only the seller's account may. */
  readonly organizationId: string | null;
  /** Null: nothing goes to Slack. */
  readonly slack: SlackSettings | null;
}

/** A channel, and which of the seller's notices it shows. */
export interface SlackSettings {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly severities: readonly Severity[];
}

/** Everything that is wrong with the settings, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      [
        'The settings in cdk.json cannot be used:',
        ...problems.map((problem) => `- ${problem}`),
      ].join('\n'),
    );
    this.problems = problems;
  }
}

/**
 * Reads the settings of the context `license-watcher`. Throws a ConfigError with one line per problem. It cannot know whether a product was
 * taken out of the list: `retired: true` is what ends its watch in good order. Otherwise the functions meet a profile that names an unknown
 * product.
 */
export function readConfig(context: unknown): WatcherConfig {
  const parsed = watcherSchema.safeParse(context);
  if (!parsed.success) throw new ConfigError(problemsOf(parsed.error.issues, context, CONTEXT_KEY));
  const { data } = parsed;
  return {
    settings: {
      deployment: data.deployment,
      sellerName: data.sellerName,
      products: data.products.map((product) => ({
        ...product,
        reminderDays: product.reminderDays.toSorted((a, b) => b - a),
        decisionDays: product.decisionDays.toSorted((a, b) => b - a),
      })),
      intervalMinutes: data.intervalMinutes,
      spreadMinutes: data.spreadMinutes,
      digest: data.digest,
      timeZone: data.timeZone,
      openEnrolment: data.openEnrolment,
      agreements: data.agreements,
      slack: data.slack !== null,
    },
    region: data.region,
    sellerEmail: data.sellerEmail,
    securityContact: data.securityContact,
    operationsEmail: data.operationsEmail,
    auditTableName: data.auditTableName ?? auditTableName(data.deployment),
    watchTableName: data.watchTableName ?? watchTableName(data.deployment),
    templateAccess: data.publicTemplate ? 'public' : 'invited',
    organizationId: data.organizationId,
    slack: data.slack,
  };
}
