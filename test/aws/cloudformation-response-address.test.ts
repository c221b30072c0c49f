import { describe, expect, it } from 'vitest';
import { responseAddress, responseHosts } from '../../lib/aws/cloudformation-response.ts';
import { registrationRequest, responseUrl, STACK_ID } from '../support/cloudformation-request.ts';

const HOST = 'cloudformation-custom-resource-response-useast1.s3.amazonaws.com';
const request = registrationRequest();
const genuine = request.ResponseURL;
const path = genuine.slice(`https://${HOST}`.length);

describe('genuine addresses', () => {
  it.each([
    ['global', HOST],
    ['with a dash', 'cloudformation-custom-resource-response-useast1.s3-us-east-1.amazonaws.com'],
    ['with a dot', 'cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com'],
  ])('%s', (_spelling, host) => {
    const url = responseUrl(request, host);
    expect(responseAddress({ ...request, ResponseURL: url }, 'us-east-1')).toEqual({
      kind: 'address',
      url,
    });
  });

  it('of another Region, under that Region', () => {
    const elsewhere = registrationRequest({
      StackId: STACK_ID.replace('us-east-1', 'eu-central-1'),
    });
    const url = responseUrl(
      elsewhere,
      'cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com',
    );
    expect(responseAddress({ ...elsewhere, ResponseURL: url }, 'eu-central-1').kind).toBe(
      'address',
    );
    expect(responseAddress({ ...elsewhere, ResponseURL: url }, 'us-east-1').kind).toBe('forged');
  });

  it.each([
    [
      'us-gov-west-1',
      'cloudformation-custom-resource-response-usgovwest1.s3.us-gov-west-1.amazonaws.com',
    ],
    [
      'cn-north-1',
      'cloudformation-custom-resource-response-cnnorth1.s3.cn-north-1.amazonaws.com.cn',
    ],
    [
      'eusc-de-east-1',
      'cloudformation-custom-resource-response-euscdeeast1.s3.eusc-de-east-1.amazonaws.eu',
    ],
  ])('of the partition of %s', (region, host) => {
    expect(responseHosts(region)).toContain(host);
  });
});

describe('forged addresses', () => {
  it.each<[string, string]>([
    ['plain http', genuine.replace('https:', 'http:')],
    ['capital scheme', genuine.replace('https:', 'HTTPS:')],
    ['another scheme', genuine.replace('https:', 'ftp:')],
    ['another host', genuine.replace(HOST, 'example.com')],
    ['the host as a prefix', genuine.replace(HOST, `${HOST}.example.com`)],
    ['the host as a suffix', genuine.replace(HOST, `x${HOST}`)],
    ['a subdomain', genuine.replace(HOST, `x.${HOST}`)],
    ['a bucket of the same beginning', genuine.replace('useast1.s3', 'useast1-mine.s3')],
    ['another bucket', genuine.replace('cloudformation-custom-resource-response-useast1', 'mine')],
    ['the bucket of another Region', genuine.replace('useast1', 'eucentral1')],
    ['our bucket, endpoint of another Region', genuine.replace('.s3.', '.s3.eu-central-1.')],
    [
      'path-style',
      `https://s3.amazonaws.com/cloudformation-custom-resource-response-useast1${path}`,
    ],
    ['accelerated', genuine.replace('.s3.', '.s3-accelerate.')],
    ['dual-stack', genuine.replace('.s3.amazonaws', '.s3.dualstack.us-east-1.amazonaws')],
    ['a website endpoint', genuine.replace('.s3.', '.s3-website-us-east-1.')],
    ['the suffix of China', genuine.replace('amazonaws.com', 'amazonaws.com.cn')],
    ['a trailing dot', genuine.replace(HOST, `${HOST}.`)],
    ['capitals', genuine.replace(HOST, HOST.toUpperCase())],
    ['the default port', genuine.replace(HOST, `${HOST}:443`)],
    ['another port', genuine.replace(HOST, `${HOST}:8443`)],
    ['a user', genuine.replace(HOST, `someone@${HOST}`)],
    ['a user and password', genuine.replace(HOST, `a:b@${HOST}`)],
    ['the host as a user', genuine.replace(HOST, `${HOST}@example.com`)],
    ['the host as a password', genuine.replace(HOST, `a:${HOST}@example.com`)],
    ['a backslash before the host', genuine.replace(HOST, `example.com\\@${HOST}`)],
    ['a backslash after the host', genuine.replace(`${HOST}/`, `${HOST}\\@example.com/`)],
    ['no slash after the host', genuine.replace(`${HOST}/`, `${HOST}?`)],
    ['leading space', ` ${genuine}`],
    ['trailing space', `${genuine} `],
    ['a tab in the host', genuine.replace('s3.', 's3\t.')],
    ['a line feed in the path', genuine.replace('stack', 'st\nack')],
    ['a carriage return in the query', `${genuine}\r\nHost: example.com`],
    ['a letter that looks the same', genuine.replace('amazonaws', 'аmazonaws')],
    ['a full-width dot', genuine.replace('s3.', 's3．')],
    ['an IP address', genuine.replace(HOST, '169.254.169.254')],
    ['loopback', genuine.replace(HOST, '127.0.0.1')],
    ['a fragment', `${genuine}#x`],
    ['no path', `https://${HOST}/`],
    ['no query and another path', `https://${HOST}/x`],
    ['another stack', genuine.replace('license-watcher/', 'another/')],
    ['another account', genuine.replace('111122223333', '444455556666')],
    ['another logical ID', genuine.replace('Registration', 'Farewell')],
    ['another request', genuine.replace('2db99329', '00000000')],
    ['more behind the key', genuine.replace('?', '/more?')],
    ['more before the key', genuine.replace('/arn', '/x/arn')],
    ['a double slash', genuine.replace('/arn', '//arn')],
    ['a way up', genuine.replace('/arn', '/x/../arn')],
    ['an escaped way up', genuine.replace('/arn', '/x/%2e%2e/arn')],
    ['a dot segment', genuine.replace('/arn', '/./arn')],
    ['an escape of the escape', genuine.replaceAll('%', '%25')],
    ['a lone per cent sign', genuine.replace('%3A', '%')],
    ['bytes that are no UTF-8', genuine.replace('%3A', '%ff')],
    ['nothing', ''],
    ['no address', 'not an address'],
    ['a relative address', path],
    ['without a scheme', `//${HOST}${path}`],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:text/plain,x'],
  ])('%s', (_forgery, url) => {
    expect(url).not.toBe(genuine);
    expect(responseAddress({ ...request, ResponseURL: url }, 'us-east-1').kind).toBe('forged');
  });
});
