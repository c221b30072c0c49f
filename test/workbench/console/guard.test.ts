import { describe, expect, it } from 'vitest';
import { foreign } from '../../../lib/workbench/console/api.ts';

const GUARDED = { host: '127.0.0.1:4570', token: 'the-token-of-the-page' };
const OWN = {
  host: '127.0.0.1:4570',
  origin: 'http://127.0.0.1:4570',
  'content-type': 'application/json',
  'x-console-token': 'the-token-of-the-page',
};

function get(headers: Readonly<Record<string, string>>): string | undefined {
  return foreign({ method: 'GET', path: '/console', headers, body: '' }, GUARDED);
}

function post(changes: Readonly<Record<string, string | undefined>>): string | undefined {
  const all: Readonly<Record<string, string | undefined>> = { ...OWN, ...changes };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) if (value !== undefined) headers[name] = value;
  return foreign({ method: 'POST', path: '/console/api/actions', headers, body: '{}' }, GUARDED);
}

describe('whom the console answers', () => {
  it('lets its own page in, by number and by name', () => {
    expect(get({ host: '127.0.0.1:4570' })).toBeUndefined();
    expect(get({ host: 'localhost:4570' })).toBeUndefined();
    expect(post({})).toBeUndefined();
    expect(post({ host: 'localhost:4570', origin: 'http://localhost:4570' })).toBeUndefined();
    expect(post({ 'content-type': 'application/json; charset=utf-8' })).toBeUndefined();
  });

  it.each(['evil.example:4570', '127.0.0.1', '127.0.0.1:4571', '127.0.0.1:4570.evil.example', ''])(
    'refuses the Host %j, under which a stranger’s page may have been resolved to this machine',
    (host) => {
      expect(get({ host })).toContain('the Host is');
      expect(post({ host, origin: `http://${host}` })).toContain('the Host is');
    },
  );

  it.each([
    'http://evil.example',
    'null',
    'https://127.0.0.1:4570',
    'http://127.0.0.1:8080',
    'http://localhost:4570',
  ])('refuses the Origin %j', (origin) => {
    expect(get({ host: OWN.host, origin })).toContain('the Origin is');
    expect(post({ origin })).toContain('the Origin is');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', undefined])(
    'refuses a POST with the Content-Type %j, which a form could send',
    (contentType) => {
      expect(post({ 'content-type': contentType })).toContain('Content-Type');
    },
  );

  it.each(['another', 'the-token-of-the-pagf', '', undefined])(
    'refuses a POST with the token %j',
    (token) => {
      expect(post({ 'x-console-token': token })).toContain('token');
    },
  );

  it.each(['cross-site', 'same-site'])(
    'refuses a POST that a browser calls %s, whatever else it has',
    (site) => {
      expect(post({ 'sec-fetch-site': site })).toContain('another site');
    },
  );
});
