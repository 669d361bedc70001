/** What opens first, for whom the token belongs to. */

import { maybeText, object } from '../../api/json.ts';
import { PREFERENCES as PATH } from '../../api/paths.ts';
import { useAction, useQuery } from '../../api/query.ts';

const parse = (json: unknown) => ({ first: maybeText(object(json).default_dashboard) });

export function usePreferences() {
  return useQuery(PATH, parse);
}

/** Make a dashboard the first page; null: the company's overview again. */
export function useFirstPage() {
  const standing = usePreferences();
  const change = useAction(
    (client, id: string | null) =>
      client.change({ method: 'PUT', path: PATH, body: { default_dashboard: id }, ifMatch: standing.etag }),
    [PATH],
  );
  return { first: standing.data?.first ?? null, ready: standing.data !== null, change };
}
