// SPDX-License-Identifier: Apache-2.0
import { hideUrlSecrets, toStoredUrl } from './storedUrl';

const SECRET = 'hush-Ab3dEf6hIj9kLm2nOp5q';

describe('what is stored of an address', () => {
  it.each([
    // GitLab, Gitea, GitHub, generic APIs
    'private_token',
    'job_token',
    'access_token',
    'auth_token',
    'token',
    'Token',
    'oauth_token',
    'api-key',
    'apikey',
    'key',
    'code',
    'pass',
    'pwd',
    'jwt',
    'auth',
    'password',
    'secret',
    'session',
    'sid',
    'ticket',
    // S3, Google, Azure, Alibaba, Tencent, Baidu, CloudFront
    'X-Amz-Signature',
    'x-amz-security-token',
    'x-goog-signature',
    'x-oss-signature',
    'q-signature',
    'authorization',
    'Policy',
    'Key-Pair-Id',
    'sig',
    'se',
    'sv',
    'sas',
    'Expires',
    'AWSAccessKeyId',
    'Ocp-Apim-Subscription-Key',
    'subscription-key',
    // Dropbox, SharePoint, Google Drive, Kaggle, Nextcloud
    'rlkey',
    'st',
    'e',
    'id',
    'resourcekey',
    'access_key',
    // Nearly an allowed one
    'REF',
    'ref ',
    'ref[]',
    'versions',
    '__proto__',
    'constructor',
  ])('has no %s', name => {
    const address = `https://data.example.com/t.csv?${encodeURIComponent(
      name,
    )}=${SECRET}&version=2`;
    expect(toStoredUrl(address)).toEqual({
      url: 'https://data.example.com/t.csv?version=2',
      dropped: [name],
    });
  });

  it.each([
    ['an encoded name', '?%74oken=S', ''],
    ['a name with a plus', '?+token=S', ''],
    ['a semicolon', '?version=1;private_token=S', ''],
    ['an encoded ampersand', '?ref=main%26token%3DS', ''],
    ['a repeated name', '?ref=main&token=S&ref=S', '?ref=main'],
    ['a name without a value', '?S', ''],
    ['a value without a name', '?=S', ''],
    ['user and password', '', ''],
    ['a fragment', '#access_token=S', ''],
    ['a harmless name with a token', '?version=S', ''],
    ['a harmless name with a vendor’s token', '?ref=glpat-S', ''],
    ['a switch that is none', '?raw=S', ''],
    ['a second question mark', '?ref=main?token=S', ''],
  ])('has not the secret behind %s', (_, query, kept) => {
    const user = query === '' ? `guest:${SECRET}@` : '';
    const address = `https://${user}h.example/t.csv${query.replaceAll('S', SECRET)}`;
    expect(toStoredUrl(address).url).toBe(`https://h.example/t.csv${kept}`);
  });

  it.each([
    'https://gitlab.example/api/v4/projects/1/repository/files/t.csv/raw?ref=release%2F1.2',
    `https://github.com/o/r/raw/t.csv?ref=${'0123456789abcdef'.repeat(3).slice(0, 40)}`,
    'https://bitbucket.example/projects/P/repos/r/raw/t.csv?at=refs/heads/main',
    'https://docs.google.com/spreadsheets/d/e/x/pub?gid=1234567890&single=true&output=csv',
    'https://www.dropbox.com/s/x/t.csv?dl=1',
    'https://host.example/t.csv?version=2024-05-01&format=csv',
    'https://host.example/t.csv?raw',
    'https://host.example/t.csv',
  ])('is the whole of %s', address => {
    expect(toStoredUrl(address)).toEqual({ url: address, dropped: [] });
  });

  it('has a name that the configuration allows, unless its value is a secret', () => {
    const allow = ['snapshot'];
    expect(
      toStoredUrl('https://h.example/t?snapshot=may&x=1', { allow }).url,
    ).toBe('https://h.example/t?snapshot=may');
    expect(
      toStoredUrl(`https://h.example/t?snapshot=${SECRET}`, { allow }).url,
    ).toBe('https://h.example/t');
  });
});

describe('a message that quotes an address', () => {
  it.each([
    ['as it is', 'S'],
    ['encoded', 'a%2Fb c'.replace(' ', '%20')],
    ['with a plus', 'a+b+c+d'],
  ])('does not quote its secret, %s', (_, value) => {
    const secret = value === 'S' ? SECRET : value;
    const address = `https://jane:${SECRET}@h.example/t.csv?token=${secret}&ref=main#${SECRET}`;
    const decoded = new URL(address).searchParams.get('token') ?? '';
    const message = [
      `Request failed for ${address}, 404`,
      `for https://api.h.example/t.csv?token=${secret}`,
      `for ${encodeURIComponent(decoded)} and ${decoded}`,
    ].join('; ');
    const hidden = hideUrlSecrets(message, address);
    expect(hidden).toContain('Request failed for https://');
    for (const part of [SECRET, secret, decoded]) {
      expect(hidden).not.toContain(part);
    }
  });
});
