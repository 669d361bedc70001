/** A question as programs ask it. Pure. */

import type { Ask } from '../../api/client.ts';

/** A text in single quotes, as a shell takes it. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export function bodyText({ body }: Ask): string {
  return JSON.stringify(body, null, 2);
}

/** A line for a terminal. The token is not in it: a line is copied into chats. */
export function curlLine(api: string, ask: Ask): string {
  return [
    `curl ${quoted(`${api}${ask.path}`)}`,
    `-H "Authorization: Bearer $HEADWATER_TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify(ask.body))}`,
  ].join(' \\\n  ');
}
