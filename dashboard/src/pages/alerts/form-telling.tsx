/** Who is told, how urgently, and in what words. */

import { useRef } from 'preact/hooks';
import { TextField } from '../../ui/fields.tsx';
import { Field } from '../../ui/form.tsx';
import { Panel } from '../../ui/panel.tsx';
import { putText } from '../../ui/put-text.ts';
import { SegmentedField } from '../../ui/segmented.tsx';
import { Destinations } from './destinations.tsx';
import type { PartProps } from './form-part.ts';
import { SEVERITIES } from './rule.ts';
import { useRules } from './rules-query.ts';
import { SEVERITY_NAMES } from './words.ts';

/** What `{…}` stands for in people's own words. */
export const VARIABLES: readonly [name: string, meaning: string][] = [
  ['name', 'the rule’s name'],
  ['state', 'firing, recovered, …'],
  ['value', 'the value, or its change'],
  ['threshold', 'the mark'],
  ['metric', 'the metric’s title'],
  ['period', 'the period that is told of'],
  ['group', 'the member, where each is by itself'],
  ['since', 'since when it is bad'],
  ['severity', 'info, warning, critical'],
  ['owner', 'the owner'],
  ['link', 'the address of the rule’s page'],
];

export function TellingPart(part: PartProps) {
  const { draft, set, fault } = part;
  const rules = useRules('').data ?? [];
  const topics = [...new Set(rules.map(({ topic }) => topic))].sort();
  return (
    <Panel title="Who is told">
      <SegmentedField
        label="Severity"
        hint="People choose from which severity on they want to hear of a topic."
        options={SEVERITIES.map((value) => ({ value, label: SEVERITY_NAMES[value] }))}
        value={draft.severity}
        onChange={(severity) => set({ severity })}
      />
      <div class="form-row">
        <Field label="Topic" hint="By which people subscribe." problem={fault('topic')}>
          {(control) => (
            <>
              <input
                {...control}
                name="topic"
                list="alerts-topics"
                autocomplete="off"
                spellcheck={false}
                value={draft.topic}
                onInput={(event) => set({ topic: event.currentTarget.value })}
              />
              <datalist id="alerts-topics">
                {topics.map((topic) => (
                  <option key={topic} value={topic} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <TextField
          label="Owner"
          hint="Whom to ask; it stands in every message."
          name="owner"
          box={{ dir: 'auto', maxLength: 120 }}
          problem={fault('owner')}
          value={draft.owner}
          onInput={(owner) => set({ owner })}
        />
      </div>
      <Destinations {...part} />
      <Words {...part} />
    </Panel>
  );
}

function Words({ draft, set, fault }: PartProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  const put = (name: string) => {
    if (box.current) set({ message: putText(box.current, `{${name}}`) });
  };
  return (
    <>
      <Field
        label="In your own words"
        hint="Left empty: the usual words. All that is known of the rule stands below them in any case."
        problem={fault('message')}
      >
        {(control) => (
          <textarea
            {...control}
            ref={box}
            name="message"
            dir="auto"
            maxLength={1000}
            placeholder="{value} in {period}: {link}"
            value={draft.message}
            onInput={(event) => set({ message: event.currentTarget.value })}
          />
        )}
      </Field>
      <details class="alerts-variables">
        <summary>What can be put in</summary>
        <ul>
          {VARIABLES.map(([name, meaning]) => (
            <li key={name}>
              <button type="button" class="link" onClick={() => put(name)} aria-label={`Put in {${name}}: ${meaning}`}>
                <code>{`{${name}}`}</code>
              </button>{' '}
              <span class="form-hint">{meaning}</span>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
