/** What can be done with a rule that is there. */

import type { Client } from '../../api/client.ts';
import { type Action, useAction } from '../../api/query.ts';
import { versionSeen } from '../../api/standing.ts';
import { parseRule, type Rule } from './rule.ts';

export const CHANGES = ['/v1/alerts'];
export const pathOf = (id: string) => `/v1/alerts/${encodeURIComponent(id)}`;

/** Snoozing takes the rule as it is: who is called at night is not asked whether a colleague has changed its name. */
export function useSnooze(): Action<[rule: Rule, until: Date | null]> {
  return useAction(
    (client, rule: Rule, until: Date | null) =>
      client.change({
        method: 'POST',
        path: `${pathOf(rule.id)}/snooze`,
        body: { until: until?.toISOString() ?? null },
      }),
    CHANGES,
  );
}

/** Off and on. The rule is read first, so that its newest version is what is changed: a switch says nothing of the rest. */
export function useSwitch(): Action<[rule: Rule, enabled: boolean]> {
  return useAction(async (client, rule: Rule, enabled: boolean) => {
    const { etag } = await client.ask({ path: pathOf(rule.id) }, new AbortController().signal);
    await client.change({ method: 'PATCH', path: pathOf(rule.id), body: { enabled }, ifMatch: etag });
  }, CHANGES);
}

/** Deleted as it was seen: who was faster is looked at first. */
export async function deleteRule(client: Client, { id, updatedAt }: Rule): Promise<void> {
  const isAsSeen = (json: unknown) => parseRule(json).updatedAt?.getTime() === updatedAt?.getTime();
  await client.change({ method: 'DELETE', path: pathOf(id), ifMatch: await versionSeen(client, pathOf(id), isAsSeen) });
}
