/** What somebody wants to hear: alerts, incidents, reports, a digest. */

import { useMemo } from 'preact/hooks';
import type { ApiProblem } from '../../api/client.ts';
import { REPORT_LIST, RULES } from '../../api/lists.ts';
import { useQuery } from '../../api/query.ts';
import { parseMetrics, parseSources } from '../../api/shapes.ts';
import { results, text } from '../../api/json.ts';
import { usePage } from '../../shell/page.ts';
import { Chips } from '../../ui/chips.tsx';
import type { Choice } from '../../ui/combobox.tsx';
import { ClockFields } from '../../ui/clock-fields.tsx';
import { Checkbox, problemOf } from '../../ui/form.tsx';
import { Segmented, SegmentedField } from '../../ui/segmented.tsx';
import { ALL, type DigestWish, newDigest, SEVERITIES, type Severity, type Wishes } from './subscription.ts';

interface Props {
  readonly wishes: Wishes;
  readonly problem: ApiProblem | null;
  readonly onChange: (part: Partial<Wishes>) => void;
}

const named = (json: unknown, name: string, title: string): Choice[] =>
  results(json).map((row) => ({
    value: text(row[name]),
    label: text(row[title]) || text(row[name]),
    hint: text(row[name]),
  }));
const parseReports = (json: unknown) => named(json, 'name', 'title');
/** Rules are heard by their topics; several may share one. */
const parseTopics = (json: unknown): Choice[] => {
  const topics = new Set(
    results(json)
      .map((row) => text(row.topic))
      .filter(Boolean),
  );
  return [...topics].sort().map((topic) => ({ value: topic, label: topic, hint: '' }));
};

export function WishesFields({ wishes, problem, onChange }: Props) {
  const topics = useQuery(RULES, parseTopics).data ?? [];
  const reports = useQuery(REPORT_LIST, parseReports).data ?? [];
  const sources = useQuery('/v1/sources', parseSources).data;
  const incidents = useMemo(
    () => (sources ?? []).map(({ name, title }) => ({ value: name, label: title, hint: name })),
    [sources],
  );
  return (
    <>
      <Topics
        title="Alerts"
        all="Of every rule"
        add="Add a topic"
        chosen={wishes.alerts}
        choices={topics}
        problem={problemOf(problem, 'alerts')}
        onChange={(alerts) => onChange({ alerts })}
      />
      <Topics
        title="Incidents"
        all="Of every source and part of Headwater"
        add="Add a source"
        chosen={wishes.incidents}
        choices={incidents}
        problem={problemOf(problem, 'incidents')}
        onChange={(chosen) => onChange({ incidents: chosen })}
      />
      <SegmentedField
        label="Alerts and incidents from"
        options={SEVERITIES.map((value) => ({ value, label: value }))}
        value={wishes.least}
        onChange={(least: Severity) => onChange({ least })}
      />
      <Topics
        title="Reports"
        all="Every report"
        add="Add a report"
        chosen={wishes.reports}
        choices={reports}
        problem={problemOf(problem, 'reports')}
        onChange={(chosen) => onChange({ reports: chosen })}
      />
      <DigestFields digest={wishes.digest} problem={problem} onChange={(digest) => onChange({ digest })} />
    </>
  );
}

interface TopicsProps {
  readonly title: string;
  readonly all: string;
  readonly add: string;
  readonly chosen: readonly string[];
  readonly choices: readonly Choice[];
  readonly problem: string | null;
  readonly onChange: (chosen: readonly string[]) => void;
}

function Topics({ title, all, add, chosen, choices, problem, onChange }: TopicsProps) {
  const everything = chosen.includes(ALL);
  return (
    <fieldset class="form-group">
      <legend>{title}</legend>
      <Checkbox label={all} checked={everything} onChange={(checked) => onChange(checked ? [ALL] : [])} />
      {!everything && (
        <Chips
          label={add}
          nothing="Nothing is called that."
          chosen={chosen}
          choices={choices}
          most={40}
          onChange={onChange}
        />
      )}
      {problem && <p class="field-problem">{problem}</p>}
    </fieldset>
  );
}

interface DigestProps {
  readonly digest: DigestWish | null;
  readonly problem: ApiProblem | null;
  readonly onChange: (digest: DigestWish | null) => void;
}

function DigestFields({ digest, problem, onChange }: DigestProps) {
  const { locale } = usePage();
  return (
    <fieldset class="form-group">
      <legend>Digest</legend>
      <Checkbox
        label="A digest of numbers"
        hint="The metrics of one’s choice in one message, each beside the period and the year before."
        checked={digest !== null}
        onChange={(checked) => onChange(checked ? newDigest(locale.zone) : null)}
      />
      {digest && <DigestChoice digest={digest} problem={problem} onChange={onChange} />}
    </fieldset>
  );
}

interface ChoiceProps extends DigestProps {
  readonly digest: DigestWish;
}

function DigestChoice({ digest, problem, onChange }: ChoiceProps) {
  const metrics = useQuery('/v1/metrics', parseMetrics).data;
  const choices = useMemo(
    () => (metrics ?? []).map(({ name, title, unit }) => ({ value: name, label: title, hint: unit })),
    [metrics],
  );
  const set = (part: Partial<DigestWish>) => onChange({ ...digest, ...part });
  return (
    <>
      <Segmented
        label="How often"
        options={[
          { value: 'daily', label: 'Every day' },
          { value: 'weekly', label: 'Every week' },
        ]}
        value={digest.cadence}
        onChange={(cadence) => set({ cadence })}
      />
      <ClockFields
        cadence={digest.cadence}
        clock={digest}
        hint="Most sources have told their day by 8."
        fault={(name) => problemOf(problem, `digest.${name}`)}
        onChange={set}
      />
      <div role="group" aria-label="Metrics of the digest">
        <Chips
          label="Add a metric"
          nothing="No metric is called that."
          chosen={digest.metrics}
          choices={choices}
          most={20}
          onChange={(chosen) => set({ metrics: chosen })}
        />
      </div>
      {problemOf(problem, 'digest') && <p class="field-problem">{problemOf(problem, 'digest')}</p>}
    </>
  );
}
