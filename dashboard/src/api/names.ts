/** Names as the API takes them, from what people call a thing. Pure. */

/** `Sign-ups of teams` → `sign_ups_of_teams`; empty where nothing of it can be in a name. */
export function nameFrom(title: string, joint: '_' | '-' = '_', most = 40): string {
  return title
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, joint)
    .replace(/^[^a-z]+/, '')
    .slice(0, most)
    .replace(/[_-]$/, '');
}
