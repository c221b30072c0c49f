import * as z from 'zod/mini';
import type { OpenEnrolment } from '../domain/registration/enrolment.ts';
import type { Product } from '../domain/license/product.ts';

/** What `cdk.json` says, validated at synth and compiled into the bundles as the constant `LICENSE_WATCHER_SETTINGS`. */
export interface Settings {
  readonly deployment: string;
  /** The seller as buyers know it; stands in every mail. */
  readonly sellerName: string;
  readonly products: readonly Product[];
  /** The interval of sweeps in minutes: 15 unless the seller chose a longer one. */
  readonly intervalMinutes: number;
  /** Over how many minutes the checks of a sweep are spread: at most 15, SQS's longest delay. */
  readonly spreadMinutes: number;
  /** When the seller gets a digest of what is not urgent. */
  readonly digest: Digest;
  /** The time zone of the seller's hours, by its IANA name. */
  readonly timeZone: string;
  /** Null: only invited buyers are watched. */
  readonly openEnrolment: OpenEnrolment | null;
  /** Whether the seller's agreements are read; the ARN of the role to assume for it, if another account sells. */
  readonly agreements: Agreements;
  /** Whether events carry what a channel in Slack shows. */
  readonly slack: boolean;
}

/** At an hour of the day, such as `08:00`, or whenever a sweep has something to say. */
export type Digest = 'each tick' | `${number}:${number}`;

/** See `Settings.agreements`. */
export type Agreements = 'on' | 'off' | `arn:${string}`;

declare const LICENSE_WATCHER_SETTINGS: Settings;

/** Works only in a bundle: esbuild puts the settings of the deployment in, see `lib/stacks/watcher/bundling.ts`. */
export function readSettings(): Settings {
  return LICENSE_WATCHER_SETTINGS;
}

/** A function's environment, read once at its cold start. Throws one error that names every variable that is missing. */
export function readEnvironment<Env>(
  schema: z.ZodMiniType<Env>,
  variables: Readonly<Record<string, string | undefined>>,
): Env {
  const result = z.safeParse(schema, variables);
  if (result.success) return result.data;
  const names = [...new Set(result.error.issues.map(({ path }) => String(path[0])))];
  throw new Error(
    `environment variables ${names.join(', ')} are missing or malformed; expected what the watcher stack sets: deploy it again`,
  );
}
