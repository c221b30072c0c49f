import { describe, expect, it } from 'vitest';
import { unauthorized } from '../../../lib/workbench/console/api.ts';
import { foreign } from '../../../lib/workbench/cloud/front.ts';

const PORT = 4570;
const TOKEN = 'the-token-of-the-page';
const OWN = {
  host: '127.0.0.1:4570',
  origin: 'http://127.0.0.1:4570',
  'content-type': 'application/json',
  'x-console-token': TOKEN,
};

function post(changes: Readonly<Record<string, string | undefined>>): string | undefined {
  const all: Readonly<Record<string, string | undefined>> = { ...OWN, ...changes };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) if (value !== undefined) headers[name] = value;
  return (
    foreign(headers, PORT) ??
    unauthorized({ method: 'POST', path: '/console/api/actions', headers, body: '{}' }, TOKEN)
  );
}

describe('whom the local cloud answers', () => {
  it.each([
    '127.0.0.1:4570',
    'localhost:4570',
    'bucket.localhost:4570',
    'cloudformation-custom-resource-response-useast1.s3.amazonaws.com',
  ])('who asks for %s, as AWS clients do', (host) => {
    expect(foreign({ host }, PORT)).toBeUndefined();
  });

  it('its own page, by number and by name', () => {
    expect(post({})).toBeUndefined();
    expect(post({ host: 'localhost:4570', origin: 'http://localhost:4570' })).toBeUndefined();
    expect(post({ 'content-type': 'application/json; charset=utf-8' })).toBeUndefined();
  });

  it.each([
    'evil.example:4570',
    '127.0.0.1',
    '127.0.0.1:4571',
    '127.0.0.1:4570.evil.example',
    '127.0.0.1.evil.example:4570',
    'localhost.evil.example:4570',
    'evillocalhost:4570',
    'cloudformation-custom-resource-response-useast1.s3.amazonaws.com.evil.example',
    '',
  ])(
    'not the Host %j, under which a stranger’s page may have been resolved to this machine',
    (host) => {
      expect(foreign({ host }, PORT)).toContain('the Host is');
      expect(foreign({ host, origin: `http://${host}` }, PORT)).toContain('the Host is');
    },
  );

  it.each([
    'http://evil.example',
    'null',
    'https://127.0.0.1:4570',
    'http://127.0.0.1:8080',
    'http://localhost:4570',
  ])('not the Origin %j', (origin) => {
    expect(foreign({ host: OWN.host, origin }, PORT)).toContain('the Origin is');
    expect(post({ origin })).toContain('the Origin is');
  });
});

describe('whom the console lets act', () => {
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
