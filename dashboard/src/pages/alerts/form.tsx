/** The form of a rule, its parts one below the other, and beside them what it would have told. */

import { useLocation } from 'preact-iso';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import type { Reply } from '../../api/client.ts';
import { useOnce } from '../../api/once.ts';
import { useAction } from '../../api/query.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { ChangedMeanwhile } from '../../ui/changed-meanwhile.tsx';
import { FormProblem, problemOf } from '../../ui/form.tsx';
import { useTell } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useUnsaved } from '../../ui/unsaved.ts';
import { bodyOf, changedFields, type Draft } from './draft.ts';
import { ConditionPart } from './form-condition.tsx';
import { LookPart } from './form-look.tsx';
import { MutePart } from './form-mute.tsx';
import type { PartProps } from './form-part.ts';
import { TellingPart } from './form-telling.tsx';
import { TimingPart } from './form-timing.tsx';
import { PreviewPanel, usePreview } from './preview-panel.tsx';
import { pathOf } from './rule-actions.ts';
import { parseRule, type Rule } from './rule.ts';
import { useMetrics } from './rules-query.ts';
import { useSuggestion } from './use-suggestion.ts';
import { usualName } from './usual-name.ts';

/** Every field that the form shows: what is wrong with others is said above the button. */
const SHOWN = [
  'name',
  'metric',
  'interval',
  'tz',
  'filter',
  'group_by',
  'condition',
  'for',
  'keep_firing_for',
  'renotify_interval',
  'on_no_data',
  'on_error',
  'severity',
  'topic',
  'owner',
  'to',
  'message',
  'mute',
];

/** A rule as it was when the form was opened. */
interface Found {
  readonly rule: Rule;
  readonly etag: string | null;
  /** Begin again with the newest. */
  readonly take: (newest: Reply) => void;
}

interface Props {
  readonly first: Draft;
  /** What is changed; null: a new one is made. */
  readonly standing: Found | null;
}

export function RuleForm({ first, standing }: Props) {
  const page = usePage();
  const [draft, setDraft] = useState(first);
  const typed = useRef(false);
  const put = useCallback((changed: Partial<Draft>) => setDraft((old) => ({ ...old, ...changed })), []);
  const set = useCallback(
    (changed: Partial<Draft>) => {
      typed.current = true;
      put(changed);
    },
    [put],
  );
  const { find } = useMetrics();
  const metric = find(draft.metric || null);
  const name = draft.name.trim() || usualName(draft, metric, page.locale.language);
  const save = useSaving(standing);
  const tried = usePreview(draft);
  const suggested = useSuggestion(draft);
  useUnsaved(typed.current && !save.done.current);
  const fault = useCallback(
    (field: string) => problemOf(save.problem, field) ?? problemOf(tried.answer.error, field),
    [save.problem, tried.answer.error],
  );
  const problem = save.problem ?? tried.answer.error;
  const part: PartProps = useMemo(() => ({ draft, set, fault, problem }), [draft, set, fault, problem]);
  return (
    <div class="alerts-form-page">
      <form
        class="alerts-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isAdmin(page)) void save.run({ ...draft, name });
        }}
      >
        <LookPart {...part} name={name} metric={metric} />
        <ConditionPart {...part} metric={metric} suggested={suggested.found} put={put} />
        {tried.ready && tried.answer.data && (
          <p class="alerts-in-short caveats">
            {tried.answer.data.summary} <a href="#alerts-tried">See when</a>
          </p>
        )}
        <TimingPart {...part} />
        <TellingPart {...part} />
        <MutePart {...part} />
        <Panel title={standing ? 'Save' : 'Make it'}>
          {save.problem?.status === 412 && standing && (
            <ChangedMeanwhile
              refused={save.problem}
              path={pathOf(standing.rule.id)}
              what="this rule"
              changed={(newest) => changedFields(standing.rule, parseRule(newest))}
              onTake={standing.take}
              onKeep={(etag) => void save.run({ ...draft, name }, etag)}
            />
          )}
          {save.problem?.status !== 412 && <FormProblem problem={save.problem} shown={SHOWN} />}
          {isAdmin(page) ? (
            <div class="buttons">
              <button type="submit" class="button primary" disabled={save.busy}>
                {standing ? 'Save the rule' : 'Make the rule'}
              </button>
              <a class="button" href={standing ? `/alerts/${encodeURIComponent(standing.rule.id)}` : '/alerts'}>
                Do not
              </a>
            </div>
          ) : (
            <p class="muted">
              Rules are made and changed by administrators; what you see beside is tried, and not kept.
            </p>
          )}
        </Panel>
      </form>
      <PreviewPanel draft={draft} tried={tried} metric={metric} looking={suggested.waiting} />
    </div>
  );
}

/** Make it, or change it. */
function useSaving(standing: Found | null) {
  const { route } = useLocation();
  const tell = useTell();
  const post = useOnce();
  const made = useRef('');
  const done = useRef(false);
  const action = useAction(
    async (client, draft: Draft, etag?: string | null) => {
      const body = bodyOf(draft);
      const reply = standing
        ? await client.change({
            method: 'PATCH',
            path: pathOf(standing.rule.id),
            body,
            ifMatch: etag ?? standing.etag,
          })
        : await post(client, '/v1/alerts', body);
      made.current = parseRule(reply.json).id;
    },
    ['/v1/alerts'],
  );
  const { run: act } = action;
  const run = useCallback(
    async (draft: Draft, etag?: string | null) => {
      if (!(await act(draft, etag))) return;
      done.current = true;
      tell(standing ? 'The rule is saved.' : 'The rule is made: it begins with the next period that is complete.');
      route(`/alerts/${encodeURIComponent(made.current)}`);
    },
    [act, tell, route, standing],
  );
  return { run, done, busy: action.busy, problem: action.problem };
}
