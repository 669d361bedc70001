import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config.ts';
import { leave, take } from '../../../src/session/journey.ts';
import { base64url, challengeOf, secret } from '../../../src/session/pkce.ts';
import { authorizeUrl, nonceOf, returned } from '../../../src/session/pool.ts';
import { MemoryStorage } from './memory.ts';

const POOL = { domain: 'https://login.example.com', clientId: 'client-1' };
const JOURNEY = { state: 's', nonce: 'n', verifier: 'v', back: '/seo?range=7d#x' };

describe('PKCE', () => {
  it('makes the challenge of RFC 7636, appendix B', async () => {
    const octets = [116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186];
    octets.push(22, 212, 37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121);
    const verifier = base64url(new Uint8Array(octets));

    expect(verifier).toBe('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk');
    expect(await challengeOf(verifier)).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });

  it('makes secrets of 43 characters that a URL takes as they are', () => {
    const made = secret((bytes) => new Uint8Array(bytes).fill(255));

    expect(made).toMatch(/^[\w-]{43}$/);
  });
});

describe('the way to the pool and back', () => {
  it('asks for a code with a challenge, a state and a nonce, and for nothing else', () => {
    const url = new URL(authorizeUrl(POOL, 'https://numbers.example.com', JOURNEY, 'c'));

    expect(url.origin + url.pathname).toBe('https://login.example.com/oauth2/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'client-1',
      redirect_uri: 'https://numbers.example.com/signed-in',
      scope: 'openid email profile',
      state: 's',
      nonce: 'n',
      code_challenge: 'c',
      code_challenge_method: 'S256',
    });
  });

  it('remembers where it began for one return', async () => {
    const storage = new MemoryStorage();
    let next = 0;
    const random = (bytes: number) => new Uint8Array(bytes).fill((next += 1));
    const url = new URL(await leave(POOL, 'https://numbers.example.com', JOURNEY.back, storage, random));
    const journey = take(storage);

    expect(journey?.back).toBe('/seo?range=7d#x');
    expect(url.searchParams.get('state')).toBe(journey?.state);
    expect(new Set([journey?.state, journey?.nonce, journey?.verifier]).size).toBe(3);
    expect(take(storage)).toBeNull();
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', ''])(
    'never leads to another site: %s',
    (back) => {
      const storage = new MemoryStorage();
      storage.setItem('headwater.journey', JSON.stringify({ ...JOURNEY, back }));

      expect(take(storage)).toBeNull();
    },
  );

  it('takes a code only with the state that it left with', () => {
    const query = new URLSearchParams('code=c&state=s');

    expect(returned(query, JOURNEY)).toMatchObject({ code: 'c', verifier: 'v', nonce: 'n' });
    expect(() => returned(new URLSearchParams('code=c&state=t'), JOURNEY)).toThrow('another tab');
    expect(() => returned(new URLSearchParams('code=c'), JOURNEY)).toThrow('another tab');
    expect(() => returned(query, null)).toThrow('another tab');
  });

  it('says why the pool refused, in a bounded text', () => {
    const query = new URLSearchParams({ error: 'access_denied', error_description: '<b>'.repeat(500) });

    expect(() => returned(query, JOURNEY)).toThrow(/^Signing in was refused: (<b>){100}$/);
  });

  it('reads the nonce of an ID token, whatever comes', () => {
    const body = base64url(new TextEncoder().encode(JSON.stringify({ nonce: 'ü?>' })));

    expect(nonceOf(`h.${base64url(new TextEncoder().encode('{"nonce":"n-1"}'))}.s`)).toBe('n-1');
    expect(nonceOf(`h.${body}.s`)).not.toBeNull();
    for (const wrong of ['', 'x', 'a.b.c', 'h.W10.s', 'h.e30.s']) expect(nonceOf(wrong)).toBeNull();
  });
});

describe('config.json', () => {
  const cognito = { mode: 'cognito', domain: 'https://login.example.com/', client_id: 'c' };

  it('names a pool, or hands a token over, or neither', () => {
    expect(parseConfig({ api: '/api/', auth: cognito })).toEqual({
      api: '/api',
      pool: { domain: 'https://login.example.com', clientId: 'c' },
      token: null,
    });
    expect(parseConfig({ auth: { mode: 'token', token: 't' } })).toEqual({ api: '/api', pool: null, token: 't' });
    expect(parseConfig({})).toEqual({ api: '/api', pool: null, token: null });
  });

  it.each([
    [{ ...cognito, domain: 'login.example.com' }, 'domain'],
    [{ ...cognito, domain: 'javascript:alert(1)' }, 'domain'],
    [{ ...cognito, domain: 'https://login.example.com/x' }, 'domain'],
    [{ ...cognito, client_id: '' }, 'client_id'],
    [{ mode: 'saml' }, 'unknown'],
  ])('says what is wrong with it: %o', (auth, said) => {
    expect(() => parseConfig({ auth })).toThrow(said);
  });
});
