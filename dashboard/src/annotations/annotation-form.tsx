/** Write down what happened, or change what one wrote. */

import { useState } from 'preact/hooks';
import type { Reply } from '../api/client.ts';
import { useOnce } from '../api/once.ts';
import { useStanding } from '../api/standing.ts';
import { Dialog } from '../ui/dialog.tsx';
import { EditForm } from '../ui/edit-form.tsx';
import { Checkbox, Field, problemOf } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { useSending } from '../ui/sending.ts';
import {
  type Annotation,
  ANNOTATION_KINDS,
  ANNOTATION_NAMES,
  type Draft,
  draftJson,
  draftOf,
  parseAnnotation,
} from './annotation.ts';
import { ANNOTATIONS, pathOf } from './use-annotations.ts';

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

export function AnnotationForm({ given, ...rest }: Props) {
  return 'id' in given ? (
    <Dialog title="Change the annotation" onClose={rest.onClose}>
      <Change id={given.id} {...rest} />
    </Dialog>
  ) : (
    <Dialog title="Write down what happened" onClose={rest.onClose}>
      <Form first={given} standing={null} {...rest} />
    </Dialog>
  );
}

function Change({ id, ...rest }: Omit<Props, 'given'> & { readonly id: string }) {
  const answer = useStanding(pathOf(id), parseAnnotation);
  return (
    <Loaded answer={answer}>
      {(annotation) => (
        <Form
          key={answer.etag}
          first={draftOf(annotation, rest.zone)}
          standing={{ id, etag: answer.etag, take: answer.take }}
          {...rest}
        />
      )}
    </Loaded>
  );
}

interface FormProps extends Omit<Props, 'given'> {
  readonly first: Draft;
  readonly standing: {
    readonly id: string;
    readonly etag: string | null;
    readonly take: (newest: Reply) => void;
  } | null;
}

function Form({ first, standing, zone, sources, onClose }: FormProps) {
  const [draft, setDraft] = useState(first);
  const post = useOnce();
  const save = useSending(
    (client, over?: string | null) => {
      const body = draftJson(draft, zone);
      if (!standing) return post(client, ANNOTATIONS, body);
      return client.change({ method: 'PUT', path: pathOf(standing.id), body, ifMatch: over ?? standing.etag });
    },
    [ANNOTATIONS],
    { said: standing ? 'The annotation is changed' : 'The annotation is on the chart', then: onClose },
  );
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const problem = (name: string) => problemOf(save.problem, name);
  const names = sources.map(({ name }) => name);
  const meanwhile = standing && {
    path: pathOf(standing.id),
    what: 'this annotation',
    onTake: standing.take,
    onKeep: save.send,
  };
  return (
    <EditForm
      sending={save}
      given={draft}
      shown={SHOWN}
      action={standing ? 'Save' : 'Write it down'}
      checked
      meanwhile={meanwhile}
      onCancel={onClose}
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
    </EditForm>
  );
}
