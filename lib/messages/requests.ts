import * as z from 'zod/mini';
import { canonicalJson, type Sha256 } from '../domain/ledger/canonical-json.ts';
import { LONGEST_NOTE, NOTE_KINDS, SAYINGS } from '../domain/ledger/note.ts';
import { isPlain } from '../domain/outside-text.ts';
import { BLIND_CAUSES, TROUBLE_CAUSES } from '../domain/check/observation.ts';
import { STANDINGS } from '../domain/license/contract.ts';
import { UNWATCHED } from '../domain/registration/buyer.ts';
import { accountId, instantText } from './primitives.ts';
import { REGISTRATION_ATTRIBUTES } from './registration.ts';
import { storedDimensions } from './stored-entry.ts';

export type { RegisterRequest, SelfTestRequest } from './registration-request.ts';

/**
 * Direct requests to the watcher's functions (`lambda:Invoke`) and their answers. Members are added, never renamed or removed: command line
 * and functions may be of different versions. No answer carries an ExternalId or credentials.
 */

const format = z.literal(1);

/** Why a function does not do what it was asked; `words` say what to do about it. */
const refusal = z.object({
  problem: z.enum([...UNWATCHED, 'unknown-product', 'refused']),
  words: z.string(),
});
export type Refusal = z.infer<typeof refusal>;

const refused = <const Request extends string>(request: Request) =>
  z.extend(refusal, {
    format,
    request: z.literal(request),
    outcome: z.literal('refused'),
    buyerAccountId: accountId,
  });

/** To check-licenses: look at a buyer's contracts now, as a check of a sweep does. */
const checkRequest = z.object({
  format,
  request: z.literal('check'),
  buyerAccountId: accountId,
  /** Empty: all that are watched. */
  productIds: z.array(z.string()),
  /** Reads and decides; takes no checkout, writes nothing, tells nobody. */
  dryRun: z.boolean(),
});

/** One call to AWS as it went over the wire: a repeated attempt is a call of its own. */
const call = z.object({
  service: z.string(),
  operation: z.string(),
  /** The product whose contract it is for; null: for all of them. */
  productId: z.nullable(z.string()),
  /** `2027-02-01T00:00:00.000Z` */
  startedAt: z.string(),
  milliseconds: z.number(),
  requestId: z.nullable(z.string()),
  /** What it answered, in a few words; null: nothing worth a word. */
  fact: z.nullable(z.string()),
  /** Null: it succeeded. */
  error: z.nullable(z.object({ name: z.string(), message: z.string() })),
});
export type Call = z.infer<typeof call>;

const checkedContract = z.object({
  productId: z.string(),
  productName: z.string(),
  /** `seen`, or why nothing was. */
  observed: z.enum(['seen', 'blind', 'trouble']),
  /** What was seen, in words. */
  observation: z.string(),
  /** The standing as far as it is known: if nothing was seen now, that of what was seen last. */
  standing: z.enum(STANDINGS),
  /** The latest end of what carries the contract; null: no end, or no license. */
  end: z.nullable(instantText),
  verdict: z.enum(['entitled', 'not-entitled', 'unknown']),
  reason: z.string(),
  /** What was recorded; in a dry run, what would be. */
  recorded: z.object({
    /** Null: no ledger entry. */
    entry: z.nullable(z.number()),
    changes: z.array(z.object({ type: z.string(), reason: z.string() })),
    /** Days before the end that a reminder is due at; null: none is. */
    daysBefore: z.nullable(z.number()),
    /** Present if these days count to the decision deadline. */
    decideBy: z.exactOptional(instantText),
    notices: z.array(
      z.object({
        audience: z.string(),
        kind: z.string(),
        state: z.string(),
        notBefore: instantText,
      }),
    ),
    /** True if something differs from which one look concludes nothing: several sweeps have to agree, and this look does not count. */
    leftToSweeps: z.boolean(),
  }),
});
export type CheckedContract = z.infer<typeof checkedContract>;

const checked = z.object({
  format,
  request: z.literal('check'),
  outcome: z.literal('checked'),
  buyerAccountId: accountId,
  buyerName: z.string(),
  dryRun: z.boolean(),
  checkId: z.string(),
  /** The tick of the sweep to which this look belongs. */
  tick: instantText,
  calls: z.array(call),
  contracts: z.array(checkedContract),
});
export type CheckedAnswer = z.infer<typeof checked>;

export const checkAnswer = z.discriminatedUnion('outcome', [checked, refused('check')]);

const plain = (longest: number) =>
  z
    .string()
    .check(
      z.refine(
        (text) => isPlain(text, longest),
        `expected one line of 1 to ${longest} characters, none of them invisible`,
      ),
    );

/**
 * The parts of a GetCallerIdentity request that the requester has signed. The function rebuilds the request from them, so that it sends
 * only this, and only to STS. What is asked for is signed with it: see `noteBinding`.
 */
export const signedIdentity = z.object({
  accessKeyId: z.string().check(z.regex(/^[A-Z0-9]{16,128}$/, 'expected the ID of an access key')),
  signedAt: instantText,
  signature: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits')),
  /** Null: the key does not belong to a session. */
  sessionToken: z.nullable(
    z.string().check(z.regex(/^[\x21-\x7e]{1,16384}$/, 'expected a session token')),
  ),
});
export type SignedIdentity = z.infer<typeof signedIdentity>;

/** To check-licenses: record what the seller says about a contract. */
export const noteRequest = z.object({
  format,
  request: z.literal('note'),
  buyerAccountId: accountId,
  productId: z.string(),
  /** Identifies the request among identical ones: the same request, repeated, is not recorded again. */
  requestId: z
    .string()
    .check(z.regex(/^[\w-]{8,64}$/, 'expected 8 to 64 letters, digits and dashes')),
  kind: z.enum(NOTE_KINDS),
  says: z.nullable(z.enum(SAYINGS)),
  text: z.nullable(plain(LONGEST_NOTE)),
  /** Only to snooze; null: until something changes. */
  until: z.nullable(instantText),
  /** Only to erase: the number of the note's entry. */
  erases: z.nullable(z.number().check(z.int(), z.positive())),
  /** Recorded if nothing is signed, or if AWS cannot be asked. */
  claimedBy: plain(120),
  signed: z.nullable(signedIdentity),
});
export type NoteRequest = z.infer<typeof noteRequest>;

/** Identifies a watcher: what is signed for one is useless with another. */
export interface WatcherPlace {
  readonly deployment: string;
  readonly sellerAccountId: string;
  readonly region: string;
}

/** The hash that is signed with the identity: of the watcher, and all that is asked of it. */
export function noteBinding(
  { signed: _, ...request }: NoteRequest,
  { deployment, sellerAccountId, region }: WatcherPlace,
  sha256: Sha256,
): string {
  return sha256(canonicalJson({ deployment, sellerAccountId, region, ...request }));
}

const recordedNote = z.object({
  format,
  request: z.literal('note'),
  outcome: z.literal('recorded'),
  buyerAccountId: accountId,
  buyerName: z.string(),
  productId: z.string(),
  productName: z.string(),
  entry: z.number(),
  /** The ARN that AWS says the signature belongs to; null: only `claimedBy` is recorded, for the reason in `unproven`. */
  arn: z.nullable(z.string()),
  unproven: z.nullable(z.string()),
});

export const noteAnswer = z.discriminatedUnion('outcome', [recordedNote, refused('note')]);
export type NoteAnswer = z.infer<typeof noteAnswer>;

/** To check-licenses: return the deployed settings that commands need. None of them is secret. */
const settingsRequest = z.object({ format, request: z.literal('settings') });

const deployedProduct = z.object({
  id: z.string(),
  name: z.string(),
  productSku: z.string(),
  formerSkus: z.array(z.string()),
  issuerFingerprint: z.string(),
  tiers: z.array(z.string()),
  dimensions: storedDimensions,
  probe: z.enum(['safe', 'counted', 'off']),
});
export type DeployedProduct = z.infer<typeof deployedProduct>;

export const settingsAnswer = z.object({
  format,
  request: z.literal('settings'),
  outcome: z.literal('told'),
  /** Those that are not retired. */
  products: z.array(deployedProduct),
});
export type SettingsAnswer = z.infer<typeof settingsAnswer>;

/** What check-licenses can be asked. */
export const checksRequest = z.discriminatedUnion('request', [
  checkRequest,
  noteRequest,
  settingsRequest,
]);

/** Each `ok`, or a sentence with the remedy; `SelfTest` sums the problems up. */
const selfTest = z.record(z.enum(Object.values(REGISTRATION_ATTRIBUTES)), z.string());

/** The reading role does not let the watcher in, so nothing else was tried. */
const notOpened = <const Request extends string>(request: Request) =>
  z.object({
    format,
    request: z.literal(request),
    outcome: z.literal('not-opened'),
    buyerAccountId: accountId,
    /** A cause on the buyer's side, or on ours or AWS's. */
    cause: z.enum([...BLIND_CAUSES, ...TROUBLE_CAUSES]),
    detail: z.string(),
  });

const tested = <const Request extends string, const Outcome extends string>(
  request: Request,
  outcome: Outcome,
) =>
  z.object({
    format,
    request: z.literal(request),
    outcome: z.literal(outcome),
    buyerAccountId: accountId,
    selfTest,
  });

export const registerAnswer = z.discriminatedUnion('outcome', [
  tested('register', 'registered'),
  notOpened('register'),
  refused('register'),
]);

export const selfTestAnswer = z.discriminatedUnion('outcome', [
  tested('self-test', 'tested'),
  notOpened('self-test'),
  refused('self-test'),
]);

export type CheckRequest = z.infer<typeof checkRequest>;
export type CheckAnswer = z.infer<typeof checkAnswer>;
export type RegisterAnswer = z.infer<typeof registerAnswer>;
export type SelfTestAnswer = z.infer<typeof selfTestAnswer>;
