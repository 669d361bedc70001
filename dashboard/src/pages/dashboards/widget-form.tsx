/** The form of one widget: what it shows and asks, with the widget itself beside it as it will be. */

import { useMemo, useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/client.ts';
import { useQuery } from '../../api/query.ts';
import { type Metric, parseMetrics, parseSources, type Source } from '../../api/shapes.ts';
import { parseAnswer } from '../../question/answer.ts';
import { askOf, asking, type Frame, type Question } from '../../question/question.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { NumberField, TextField } from '../../ui/fields.tsx';
import { Field, FormProblem, problemOf } from '../../ui/form.tsx';
import { useSettled } from '../../ui/settled.ts';
import { Unsaved } from '../../ui/unsaved.ts';
import { askedBy, asksNothing, type Widget, type WidgetKind } from '../../widgets/widget.ts';
import { WidgetView } from '../../widgets/widget-view.tsx';
import { KindChooser } from './kind-chooser.tsx';
import { fitted, newWidget, questionProblem, shapeProblem } from './new-widget.ts';
import { QuestionFields } from './question-fields.tsx';
import { WidgetSize } from './widget-size.tsx';

const FIRST_METRIC = 'downloads';
const NO_METRICS: readonly Metric[] = [];
const NO_SOURCES: readonly Source[] = [];

interface Props {
  /** Null: a new one. */
  readonly widget: Widget | null;
  readonly frame: Frame;
  /** What the API said of it when the dashboard was saved. */
  readonly problem: ApiProblem | null;
  /** The widget as it came back from the explorer: not taken over yet. */
  readonly brought: Widget | null;
  readonly onDone: (widget: Widget) => void;
  /** Take it over, and go on with its question in the explorer. */
  readonly onExplore: (widget: Widget) => void;
  readonly onClose: () => void;
}

export function WidgetForm({ widget: given, frame, problem, brought, onDone, onExplore, onClose }: Props) {
  const metrics = useQuery('/v1/metrics', parseMetrics).data ?? NO_METRICS;
  const sources = useQuery('/v1/sources', parseSources).data ?? NO_SOURCES;
  const titles = useMemo(() => new Map(sources.map(({ name, title }) => [name, title])), [sources]);
  const [widget, setWidget] = useState<Widget>(brought ?? given ?? newWidget('line', FIRST_METRIC));
  const [touched, setTouched] = useState(brought !== null);
  const fits = useMemo(() => fitted(widget, given), [widget, given]);
  const shown = useSettled(fits);
  const asked = useFaults(shown, frame);
  const change = (part: Partial<Widget>) => {
    setTouched(true);
    setWidget((old) => ({ ...old, ...part }));
  };
  const chooseKind = (kind: WidgetKind) => {
    const fresh = newWidget(kind, FIRST_METRIC);
    const size = given ? {} : { width: fresh.width, height: fresh.height };
    change({ kind, ...size, question: widget.question ?? fresh.question });
  };
  // What was said when saving holds until something is changed; then the preview's own answer does.
  const said = touched ? asked : (problem ?? asked);
  const faultOf = (name: string) => problemOf(said, name);
  const wrong = shapeProblem(fits);
  return (
    <Dialog title={given ? 'Change the widget' : 'Add a widget'} onClose={onClose} wide>
      <Unsaved changed={touched} />
      <form
        class="widget-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) onDone(fits);
        }}
      >
        <div class="widget-fields">
          <KindChooser kind={widget.kind} onChoose={chooseKind} />
          {!asksNothing(widget.kind) && (
            <QuestionFields
              kind={widget.kind}
              question={fits.question ?? asking([])}
              metrics={metrics}
              titles={titles}
              frame={frame}
              problem={questionProblem(said)}
              onChange={(part: Partial<Question>) =>
                change({ question: { ...(widget.question ?? asking([])), ...part } })
              }
            />
          )}
          {widget.kind === 'text' && (
            <Field label="Text" hint="Plain text, up to 5,000 characters." problem={faultOf('text')}>
              {(control) => (
                <textarea
                  {...control}
                  name="text"
                  maxLength={5000}
                  rows={6}
                  value={widget.text}
                  onInput={(event) => change({ text: event.currentTarget.value })}
                />
              )}
            </Field>
          )}
          {widget.kind === 'gauge' && (
            <NumberField
              label="Full mark"
              hint="Where the gauge is full; empty: 100 % of a share."
              name="target"
              problem={faultOf('target')}
              value={widget.target ?? ''}
              onInput={(target) => change({ target: target.trim() || null })}
            />
          )}
          <TextField
            label="Title"
            hint="Empty: what it asks, in words."
            name="title"
            box={{ maxLength: 300, dir: 'auto' }}
            problem={faultOf('title')}
            value={widget.title}
            onInput={(title) => change({ title })}
          />
          <WidgetSize widget={widget} onChange={change} />
        </div>
        <section class="widget-preview" aria-label="Preview">
          <div class={`preview-cell h${Math.max(2, shown.height)}`} inert>
            {shown.question?.metrics.length === 0 && !asksNothing(shown.kind) ? (
              <p class="state muted">Choose a metric: what it shows appears here.</p>
            ) : (
              <WidgetView key={shown.kind} widget={shown} frame={frame} />
            )}
          </div>
          {!wrong && !asksNothing(widget.kind) && (
            <p class="note">
              <button type="button" class="link" onClick={() => onExplore(fits)}>
                Work on it in Explore
              </button>{' '}
              and bring it back from there.
            </p>
          )}
        </section>
        <div class="widget-form-end">
          {!touched && <FormProblem problem={problem} shown={SHOWN} />}
          {wrong && <p class="field-problem">{wrong}</p>}
          <div class="buttons">
            <button type="submit" class="button primary" disabled={wrong !== null}>
              {given ? 'Take it over' : 'Add it'}
            </button>
            <button type="button" class="button" onClick={onClose}>
              Cancel
            </button>
          </div>
        </div>
      </form>
    </Dialog>
  );
}

const SHOWN = ['title', 'text', 'target', 'question', 'width', 'height'];

/** The preview's problem, for the fields that it is about: the same question, so nothing is asked twice. */
function useFaults(widget: Widget, frame: Frame): ApiProblem | null {
  const question = askedBy(widget);
  return useQuery(question && askOf(question, frame), parseAnswer).error;
}
