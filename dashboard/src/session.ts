/** The API token of this tab. It lives in sessionStorage only: it ends with the tab, and no other tab sees it. */

const KEY = 'headwater.token';

/** Take a token out of the address (`#token=…`) and remove it there at once, history included. */
export function takeTokenFromAddress(location: Location, history: History): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')?.trim();
  if (!token) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return token;
}

export function storedToken(storage: Storage): string | null {
  return storage.getItem(KEY);
}

export function storeToken(storage: Storage, token: string): void {
  storage.setItem(KEY, token);
}

export function forgetToken(storage: Storage): void {
  storage.removeItem(KEY);
}

/** What is wrong with a pasted token, or null: it goes into an HTTP header, so it is one run of visible ASCII. */
export function tokenProblem(token: string): string | null {
  if (!token) return 'Paste a token first.';
  return /^[\x21-\x7e]+$/.test(token) ? null : 'A token has no spaces and no special characters: copy it again, whole.';
}
