/** Proof Key for Code Exchange (RFC 7636): who comes back with the code is the one who left. */

export type Random = (bytes: number) => Uint8Array<ArrayBuffer>;

export const webRandom: Random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));

export function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** 256 random bits as 43 characters: a verifier, a state, a nonce. */
export const secret = (random: Random): string => base64url(random(32));

/** The challenge of a verifier, by S256. */
export async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(digest));
}
