import type { EnrolmentStep } from '../domain/ports.ts';
import { HOUR, type Instant } from '../domain/time.ts';
import { FORMAT } from './stored.ts';

/** Partition of the marks of enrolments, beside the buyers' account IDs. */
const ENROLMENTS = 'enrolments';

/** The attribute with the accounts that were counted: a set, so that nobody counts twice. */
export const COUNTED = 'accounts';

/** One mark for each clock hour and step. */
export function enrolmentsKey(step: EnrolmentStep, now: Instant) {
  return { buyer: ENROLMENTS, record: `${step}#${now.slice(0, 13)}` };
}

const KEPT_MILLISECONDS = 48 * HOUR;

/** In epoch seconds. */
export function enrolmentsAttributes(now: Instant) {
  return { format: FORMAT, expiresAt: Math.floor((Date.parse(now) + KEPT_MILLISECONDS) / 1_000) };
}
