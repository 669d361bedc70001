/** Write down what happened, or change what one wrote. */

import { useState } from 'preact/hooks';
import { useAction } from '../api/query.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Buttons, Checkbox, Field, FormProblem, problemOf } from '../ui/form.tsx';
import { useTell } from '../ui/notices.tsx';
import { type Annotation, ANNOTATION_KINDS, ANNOTATION_NAMES, type Draft, draftJson, draftOf } from './annotation.ts';
import { ANNOTATIONS } from './use-annotations.ts';

export interface SourceName {
  readonly name: string;
  readonly title: string;
}

interface Props {
  /** What is changed; a draft is written down anew. */
  readonly given: Annotation | Draft;
  readonly zone: string;
  /** Sources of what is on the chart: the annotation may be about them only. */
  readonly sources: readonly SourceName[];
  readonly onClose: () => void;
}

const SHOWN = ['title', 'kind', 'at', 'until', 'url', 'metric_sources'];

export function AnnotationForm({ given, zone, sources, onClose }: Props) {
  const standing = 'id' in given ? given : null;
  const [draft, setDraft] = useState<Draft>(() => ('id' in given ? draftOf(given, zone) : given));
  const tell = useTell();
  const [key] = useState(() => crypto.randomUUID());
  const save = useAction(
    async (client) => {
      const body = draftJson(draft, zone);
      if (!standing) return client.change({ method: 'POST', path: ANNOTATIONS, body, idempotencyKey: key });
      const path = `${ANNOTATIONS}/${encodeURIComponent(standing.id)}`;
      const { etag } = await client.ask({ path }, new AbortController().signal);
      return client.change({ method: 'PUT', path, body, ifMatch: etag });
    },
    [ANNOTATIONS],
  );
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const submit = async () => {
    if (!(await save.run())) return;
    tell(standing ? 'The annotation is changed' : 'The annotation is on the chart');
    onClose();
  };
  const problem = (name: string) => problemOf(save.problem, name);
  const names = sources.map(({ name }) => name);
  return (
    <Dialog title={standing ? 'Change the annotation' : 'Write down what happened'} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field label="What happened" problem={problem('title')}>
          {(control) => (
            <input
              {...control}
              dir="auto"
              required
              maxLength={300}
              value={draft.title}
              onInput={(event) => set({ title: event.currentTarget.value })}
            />
          )}
        </Field>
        <div class="form-row">
          <Field label="When" hint={`By the clock of ${zone.replaceAll('_', ' ')}`} problem={problem('at')}>
            {(control) => (
              <input
                {...control}
                type="datetime-local"
                required
                value={draft.at}
                onInput={(event) => set({ at: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label="Until" hint="Empty: it took no time" problem={problem('until')}>
            {(control) => (
              <input
                {...control}
                type="datetime-local"
                value={draft.until}
                onInput={(event) => set({ until: event.currentTarget.value })}
              />
            )}
          </Field>
        </div>
        <Field label="Kind" problem={problem('kind')}>
          {(control) => (
            <select {...control} value={draft.kind} onChange={(event) => set({ kind: event.currentTarget.value })}>
              {ANNOTATION_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {ANNOTATION_NAMES[kind]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Link" hint="Where more is told; may be empty" problem={problem('url')}>
          {(control) => (
            <input
              {...control}
              type="url"
              placeholder="https://"
              value={draft.url}
              onInput={(event) => set({ url: event.currentTarget.value })}
            />
          )}
        </Field>
        {names.length > 0 && (
          <Checkbox
            label={`Only on charts of ${sources.map(({ title }) => title).join(', ')}`}
            hint="Else every chart of these days shows it."
            checked={draft.sources.length > 0}
            onChange={(checked) => set({ sources: checked ? (draft.sources.length > 0 ? draft.sources : names) : [] })}
          />
        )}
        <FormProblem problem={save.problem} shown={SHOWN} />
        <Buttons>
          <button type="submit" class="button primary" disabled={save.busy}>
            {standing ? 'Save' : 'Write it down'}
          </button>
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
        </Buttons>
      </form>
    </Dialog>
  );
}
