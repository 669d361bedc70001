/** Under the chart: what happened in these days, which rules watch it, and switches for both. */

import { useState } from 'preact/hooks';
import { type Annotation, type Draft, wall } from '../../annotations/annotation.ts';
import { AnnotationForm, type SourceName } from '../../annotations/annotation-form.tsx';
import { AnnotationList } from '../../annotations/annotation-list.tsx';
import type { Answer } from '../../api/query.ts';
import type { Answered } from '../../question/answer.ts';
import type { Locale } from '../../time/format.ts';
import { Checkbox } from '../../ui/form.tsx';
import { INTERVAL_NAMES } from '../../time/range.ts';
import type { Chosen } from './chosen.ts';
import type { LevelRule, Watched } from './thresholds.ts';

interface Props {
  readonly annotations: Answer<Annotation[]>;
  /** Those that say something of this chart. */
  readonly shown: readonly Annotation[];
  readonly levels: Watched;
  readonly chosen: Chosen;
  readonly change: (part: Partial<Chosen>) => void;
  readonly locale: Locale;
  readonly answered: Answered;
  readonly sources: readonly SourceName[];
}

export function Marks({ annotations, shown, levels, chosen, change, locale, answered, sources }: Props) {
  const [writing, setWriting] = useState<Annotation | Draft | null>(null);
  const { drawn, others } = levels;
  return (
    <div class="explore-marks">
      <div class="explore-switches">
        <Checkbox
          label={`Annotations (${shown.length})`}
          checked={chosen.notes}
          onChange={(notes) => change({ notes })}
        />
        <Checkbox
          label={`Alert thresholds (${drawn.length})`}
          checked={chosen.thresholds}
          onChange={(thresholds) => change({ thresholds })}
        />
        <button type="button" class="link" onClick={() => setWriting(draftIn(answered, locale.zone))}>
          Write down what happened
        </button>
      </div>
      {annotations.error && (
        <p class="note">Annotations cannot be shown now: {annotations.error.detail || annotations.error.title}</p>
      )}
      {others.length > 0 && chosen.thresholds && <Others rules={others} />}
      {chosen.notes && shown.length > 0 && (
        <details class="explore-annotations">
          <summary>Who wrote what down; change or delete it</summary>
          <AnnotationList annotations={shown} locale={locale} onChange={setWriting} />
        </details>
      )}
      {writing && (
        <AnnotationForm given={writing} zone={locale.zone} sources={sources} onClose={() => setWriting(null)} />
      )}
    </div>
  );
}

/** A new one begins at the last bucket whose start is past. */
function draftIn({ rows, watermark, from }: Answered, zone: string): Draft {
  const starts = rows.map(({ start }) => start).filter((start) => !watermark || start <= watermark);
  return { title: '', kind: 'note', at: wall(starts.at(-1) ?? from, zone), until: '', url: '', sources: [] };
}

/** A mark for hours says nothing on a chart of days: those rules are named, not drawn. */
function Others({ rules }: { readonly rules: readonly LevelRule[] }) {
  return (
    <p class="note">
      Not drawn, for they watch other values:{' '}
      {rules.slice(0, 5).map(({ id, name, interval, filter, groupBy }, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <a href={`/alerts/${encodeURIComponent(id)}`}>
            <bdi>{name}</bdi>
          </a>{' '}
          (
          {[
            interval ? `by ${INTERVAL_NAMES[interval].toLowerCase()}` : '',
            groupBy.length > 0 ? `each ${groupBy.join(', ')}` : '',
            filter ? 'filtered' : '',
          ]
            .filter(Boolean)
            .join(', ')}
          )
        </span>
      ))}
      {rules.length > 5 && ` and ${rules.length - 5} more`}
    </p>
  );
}
