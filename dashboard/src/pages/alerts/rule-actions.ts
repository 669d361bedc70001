/** What can be done with a rule that is there. */

import { ApiProblem } from '../../api/client.ts';
import { type Action, useAction } from '../../api/query.ts';
import { parseRule, type Rule } from './rule.ts';

const CHANGES = ['/v1/alerts'];
const pathOf = (id: string) => `/v1/alerts/${encodeURIComponent(id)}`;

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

/** Deleted as it was seen: with what has changed since, it is asked again. */
export function useDelete(): Action<[rule: Rule]> {
  return useAction(async (client, rule: Rule) => {
    const reply = await client.ask({ path: pathOf(rule.id) }, new AbortController().signal);
    const newest = parseRule(reply.json);
    if (newest.updatedAt?.getTime() !== rule.updatedAt?.getTime()) throw changedBy(newest);
    await client.change({ method: 'DELETE', path: pathOf(rule.id), ifMatch: reply.etag });
  }, CHANGES);
}

function changedBy(rule: Rule): ApiProblem {
  return new ApiProblem(
    412,
    'Changed meanwhile',
    `${rule.updatedBy || 'Somebody'} has changed this rule since you opened the page. It is brought up to date: look at it again first.`,
  );
}
