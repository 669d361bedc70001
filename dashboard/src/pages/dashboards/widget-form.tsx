/** The form of one widget: what it shows and asks, with the widget itself beside it as it will be. */

import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/client.ts';
import { useQuery } from '../../api/query.ts';
import { parseMetrics } from '../../api/shapes.ts';
import { parseAnswer } from '../../question/answer.ts';
import { askOf, asking, type Frame, type Question } from '../../question/question.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, FormProblem, problemOf } from '../../ui/form.tsx';
import { asksNothing, KIND_NAMES, type Widget, WIDGET_KINDS, type WidgetKind } from '../../widgets/widget.ts';
import { KindPicture } from '../../widgets/kind-picture.tsx';
import { WidgetView } from '../../widgets/widget-view.tsx';
import { QuestionFields } from './question-fields.tsx';

/** How large a widget of a kind begins. */
const SIZES: Partial<Record<WidgetKind, readonly [number, number]>> = { tile: [3, 1], pie: [4, 3], gauge: [4, 3] };
const PREVIEW_AFTER_MS = 400;

export function newWidget(kind: WidgetKind, metric: string): Widget {
  const [width, height] = SIZES[kind] ?? [6, 3];
  const question = asking([metric], kind === 'tile' ? { compare: 'previous_period' } : {});
  return { id: 'new', kind, title: '', width, height, question, text: '', target: null };
}

interface Props {
  /** Null: a new one. */
  readonly widget: Widget | null;
  readonly frame: Frame;
  /** What the API said of it when the dashboard was saved. */
  readonly problem: ApiProblem | null;
  readonly onDone: (widget: Widget) => void;
  readonly onClose: () => void;
}

export function WidgetForm({ widget: given, frame, problem, onDone, onClose }: Props) {
  const metrics = useQuery('/v1/metrics', parseMetrics);
  const [widget, setWidget] = useState<Widget>(given ?? newWidget('line', 'downloads'));
  const [touched, setTouched] = useState(false);
  const shown = useCalm(widget, PREVIEW_AFTER_MS);
  const asked = useFaults(shown, frame);
  const change = (part: Partial<Widget>) => {
    setTouched(true);
    setWidget((old) => ({ ...old, ...part }));
  };
  const chooseKind = (kind: WidgetKind) => {
    const fresh = newWidget(kind, 'downloads');
    const size = given ? {} : { width: fresh.width, height: fresh.height };
    change({ kind, ...size, question: widget.question ?? fresh.question });
  };
  // What was said when saving holds until something is changed; then the preview's own answer does.
  const said = touched ? asked : (problem ?? asked);
  const faultOf = (name: string) => problemOf(said, name) ?? problemOf(said, `question.${name}`);
  const wrong = shapeProblem(widget);
  return (
    <Dialog title={given ? 'Change the widget' : 'Add a widget'} onClose={onClose} wide>
      <form
        class="widget-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) onDone(widget);
        }}
      >
        <div class="widget-fields">
          <KindChooser kind={widget.kind} onChoose={chooseKind} />
          {!asksNothing(widget.kind) && (
            <QuestionFields
              kind={widget.kind}
              question={widget.question ?? asking([])}
              metrics={metrics.data ?? []}
              faultOf={faultOf}
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
            <Field
              label="Full mark"
              hint="Where the gauge is full; empty: 100 % of a share."
              problem={faultOf('target')}
            >
              {(control) => (
                <input
                  {...control}
                  name="target"
                  inputMode="decimal"
                  value={widget.target ?? ''}
                  onInput={(event) => change({ target: event.currentTarget.value.trim() || null })}
                />
              )}
            </Field>
          )}
          <Field label="Title" hint="Empty: what it asks, in words." problem={faultOf('title')}>
            {(control) => (
              <input
                {...control}
                name="title"
                maxLength={300}
                value={widget.title}
                onInput={(event) => change({ title: event.currentTarget.value })}
              />
            )}
          </Field>
          <Size widget={widget} onChange={change} />
        </div>
        <section class="widget-preview" aria-label="Preview">
          <div class={`preview-cell h${Math.max(2, shown.height)}`} inert>
            {shown.question?.metrics.length === 0 && !asksNothing(shown.kind) ? (
              <p class="state muted">Choose a metric: what it shows appears here.</p>
            ) : (
              <WidgetView key={shown.kind} widget={shown} frame={frame} />
            )}
          </div>
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

/** Why this cannot be asked at all; the API says the rest. */
export function shapeProblem({ kind, question }: Widget): string | null {
  if (asksNothing(kind)) return null;
  const metrics = question?.metrics.length ?? 0;
  if (metrics === 0) return 'Choose at least one metric.';
  if (kind === 'scatter')
    return metrics === 2 ? null : 'A scatter has exactly two metrics: the first across, the second up.';
  if (metrics > 1 && (question?.groupBy.length ?? 0) > 0)
    return 'Several metrics are shown side by side without groups: leave one of both out.';
  return null;
}

/** The preview's problem, for the fields that it is about: the same question, so nothing is asked twice. */
function useFaults(widget: Widget, frame: Frame): ApiProblem | null {
  const { question, kind } = widget;
  const extra = kind === 'tile' && question && !question.compare ? { compare: 'previous_period' } : {};
  const ask = question && question.metrics.length > 0 && !asksNothing(kind) ? askOf(question, frame, extra) : null;
  return useQuery(ask, parseAnswer).error;
}

/** A value that has stayed the same for a while. */
function useCalm<T>(value: T, ms: number): T {
  const [calm, setCalm] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return calm;
}

interface KindProps {
  readonly kind: WidgetKind;
  readonly onChoose: (kind: WidgetKind) => void;
}

function KindChooser({ kind, onChoose }: KindProps) {
  return (
    <fieldset class="kinds">
      <legend>Shown as</legend>
      <div>
        {WIDGET_KINDS.map((one) => (
          <label key={one}>
            <input type="radio" name="kind" value={one} checked={one === kind} onChange={() => onChoose(one)} />
            <span>
              <KindPicture kind={one} />
              {KIND_NAMES[one]}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface SizeProps {
  readonly widget: Widget;
  readonly onChange: (part: Partial<Widget>) => void;
}

function Size({ widget, onChange }: SizeProps) {
  const widths = useMemo(() => Array.from({ length: 12 }, (_, index) => index + 1), []);
  return (
    <div class="form-row">
      <Field label="Width" hint="Columns of twelve.">
        {(control) => (
          <select
            {...control}
            name="width"
            value={widget.width}
            onChange={(event) => onChange({ width: Number(event.currentTarget.value) })}
          >
            {widths.map((width) => (
              <option key={width} value={width}>
                {width}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Height" hint="Rows.">
        {(control) => (
          <select
            {...control}
            name="height"
            value={widget.height}
            onChange={(event) => onChange({ height: Number(event.currentTarget.value) })}
          >
            {widths.slice(0, 6).map((height) => (
              <option key={height} value={height}>
                {height}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}
