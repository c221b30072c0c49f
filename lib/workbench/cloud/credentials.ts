import { createHmac, randomBytes } from 'node:crypto';
import type { Caller } from './call.ts';
import type { CloudClock } from './clock.ts';

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SessionCredentials extends AccessKey {
  readonly sessionToken: string;
  /** Epoch milliseconds of the cloud's time. */
  readonly expiration: number;
  /** `arn:aws:sts::<account>:assumed-role/<role name>/<session name>`: without the role's path. */
  readonly sessionArn: string;
}

/** The IAM role of a session, as far as its sessions show it. */
export interface SessionRole {
  readonly accountId: string;
  readonly arn: string;
  readonly name: string;
}

/** Why the caller of a call is not known. The front words it for the service's protocol. */
export type Unrecognized = 'invalid' | 'expired';

const MOST_READ = 1_000;

interface SessionClaims {
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly arn: string;
  readonly sessionArn: string;
  readonly expiration: number;
}

/**
 * Access keys of the local cloud. Only signatures in a URL are verified, so the key ID alone (with its token, for a session) says who
 * calls; nobody can guess it, as each cloud has its own keys. A session is stored in its token, not here, so that a year of AssumeRole
 * calls costs no memory.
 */
export class Credentials {
  readonly #clock: CloudClock;
  readonly #roots = new Map<string, Caller>();
  readonly #minted = new Map<string, { at: number; count: number }>();
  /** Tokens that were read lately: a function sends its token with every call. */
  readonly #read = new Map<string, SessionClaims>();
  /** Made anew at each start. Keys are derived from it, and it seals tokens. */
  readonly #secret = randomBytes(32);

  constructor(clock: CloudClock) {
    this.#clock = clock;
  }

  /** The access key of the account's administrator; the same at every call. */
  root(accountId: string): AccessKey {
    if (!/^\d{12}$/.test(accountId))
      throw new Error(`an account ID has 12 digits, got ${JSON.stringify(accountId)}`);
    const key = this.#accessKey('AKIA', `root|${accountId}`);
    this.#roots.set(key.accessKeyId, {
      kind: 'root',
      accountId,
      arn: `arn:aws:iam::${accountId}:root`,
    });
    return key;
  }

  /** Credentials of a role's session, valid from now on by the cloud's time. STS or Lambda has already decided who may have them. */
  session(role: SessionRole, sessionName: string, durationSeconds: number): SessionCredentials {
    const partition = role.arn.split(':')[1] ?? 'aws';
    const sessionArn = `arn:${partition}:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`;
    const now = this.#clock.now();
    const key = this.#accessKey('ASIA', `${sessionArn}|${now}|${this.#ordinal(sessionArn, now)}`);
    const expiration = now + durationSeconds * 1000;
    const claims: SessionClaims = {
      accessKeyId: key.accessKeyId,
      accountId: role.accountId,
      arn: role.arn,
      sessionArn,
      expiration,
    };
    return { ...key, sessionToken: this.#tokenOf(claims), expiration, sessionArn };
  }

  lookup(accessKeyId: string, sessionToken: string | undefined): Caller | Unrecognized {
    if (sessionToken === undefined) return this.#roots.get(accessKeyId) ?? 'invalid';
    const claims = this.#claimsOf(sessionToken);
    if (claims?.accessKeyId !== accessKeyId) return 'invalid';
    if (claims.expiration <= this.#clock.now()) return 'expired';
    return {
      kind: 'role',
      accountId: claims.accountId,
      arn: claims.arn,
      sessionArn: claims.sessionArn,
    };
  }

  /** Distinguishes sessions of the same name and instant. */
  #ordinal(sessionArn: string, now: number): number {
    const last = this.#minted.get(sessionArn);
    const count = last?.at === now ? last.count + 1 : 0;
    this.#minted.set(sessionArn, { at: now, count });
    return count;
  }

  /** A key with the length and alphabet of AWS's keys, by which clients and log scrubbers recognize them. */
  #accessKey(prefix: 'AKIA' | 'ASIA', seed: string): AccessKey {
    const digest = createHmac('sha256', this.#secret).update(seed).digest();
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const id = [...digest.subarray(0, 16)].map((byte) => letters[byte % 32]).join('');
    const accessKeyId = prefix + id;
    return { accessKeyId, secretAccessKey: this.secretOf(accessKeyId) };
  }

  /** The secret key that belongs to the access key ID. */
  secretOf(accessKeyId: string): string {
    return createHmac('sha256', this.#secret)
      .update(`secret of ${accessKeyId}`)
      .digest('base64')
      .slice(0, 40);
  }

  #tokenOf(claims: SessionClaims): string {
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${payload}.${this.#sealOf(payload)}`;
  }

  #claimsOf(token: string): SessionClaims | undefined {
    const known = this.#read.get(token);
    if (known !== undefined) return known;
    const [payload = '', seal] = token.split('.');
    if (seal !== this.#sealOf(payload)) return undefined;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as SessionClaims;
    if (this.#read.size >= MOST_READ) this.#read.clear();
    this.#read.set(token, claims);
    return claims;
  }

  /** The seal of a token: one that was cut, edited or made elsewhere does not match it and is invalid. */
  #sealOf(payload: string): string {
    return createHmac('sha256', this.#secret).update(payload).digest('base64url');
  }
}
