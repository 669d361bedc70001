/** What happened, as a list under the chart: for keyboards, screen readers, and whoever cannot tell one flag from another.
 * What one points at is shown in the chart. */

import type { Locale } from '../time/format.ts';
import { span } from '../time/format.ts';
import type { TableBucket } from '../question/table.ts';
import type { Mark } from './input.ts';
import { bucketAt, markedBuckets, safeUrl } from './marks.ts';

interface Props {
  readonly marks: readonly Mark[];
  readonly buckets: readonly TableBucket[];
  readonly locale: Locale;
  readonly onPoint: (bucket: number | null) => void;
}

export function MarkList({ marks, buckets, locale, onPoint }: Props) {
  const shown = markedBuckets(marks, buckets).flatMap((bucket) => bucket.marks);
  if (shown.length === 0) return null;
  return (
    <details class="mark-list">
      <summary>{shown.length === 1 ? 'One event in this range' : `${shown.length} events in this range`}</summary>
      <ul>
        {shown.map((mark, index) => {
          const point = () => onPoint(bucketAt(buckets, mark.at));
          const rest = {
            onMouseEnter: point,
            onMouseLeave: () => onPoint(null),
            onFocus: point,
            onBlur: () => onPoint(null),
          };
          const until = mark.until ?? new Date(mark.at.getTime() + 1);
          const url = safeUrl(mark.url);
          const words = (
            <>
              <span class="muted">{span(mark.at, until, locale)}</span> <bdi class="cut">{mark.title}</bdi>{' '}
              <span class="muted">{mark.kind}</span>
            </>
          );
          return (
            <li key={`${mark.at.getTime()} ${index}`}>
              {url ? (
                <a href={url} target="_blank" rel="noreferrer noopener" title={mark.title} {...rest}>
                  {words}
                </a>
              ) : (
                <button type="button" title={mark.title} {...rest}>
                  {words}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </details>
  );
}
