import { timingSafeEqual } from 'node:crypto';
import type { PlainRequest } from '../cloud/front.ts';

export interface Guarded {
  /** `127.0.0.1:4570` */
  readonly host: string;
  /** Known to the page alone. */
  readonly token: string;
}

/**
 * Why a request is not from the console's own page; undefined: it is. The cloud listens on loopback only, yet every web page that the developer has open may
 * send requests there: under a name of its own that it had resolved to 127.0.0.1 (the Host tells), or across origins (the Origin tells).
 */
export function foreign(
  { method, headers }: PlainRequest,
  { host, token }: Guarded,
): string | undefined {
  const hosts = [host, host.replace(/^127\.0\.0\.1/, 'localhost')];
  const { host: requested = '', origin, 'sec-fetch-site': site } = headers;
  if (!hosts.includes(requested))
    return `the Host is ${JSON.stringify(requested)}; the console is at http://${host}/console alone`;
  if (origin !== undefined && origin !== `http://${requested}`)
    return `the Origin is ${JSON.stringify(origin)}; only the console's own page may ask`;
  if (site !== undefined && !['same-origin', 'none'].includes(site) && method !== 'GET')
    return 'the request comes from another site; only the console’s own page may ask';
  if (method === 'GET') return undefined;
  if (headers['content-type']?.split(';')[0]?.trim() !== 'application/json')
    return 'the Content-Type must be application/json';
  if (!isSame(headers['x-console-token'] ?? '', token))
    return 'the token of the page is missing or of an earlier local cloud: load the page again';
  return undefined;
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
