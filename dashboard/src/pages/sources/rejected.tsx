/** What a source had to set aside: by reason, the newest first, each record as the text that it came as. */

import { useQuery } from '../../api/query.ts';
import { usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { ago, instant, number } from '../../time/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty } from '../../ui/states.tsx';
import { byReason, parseRejected, type RejectedPage, type ReasonGroup, type Rejection } from './shapes.ts';
import type { ComponentChildren } from 'preact';

const A_PAGE = 100;
const SHOWN = [
  { value: 'all', label: 'All' },
  { value: 'left', label: 'Still set aside' },
] as const;
/** Of one reason at first; the rest is opened. */
const FIRST = 10;

interface Props {
  readonly source: string;
  /** How many are still set aside, as the source says. */
  readonly left: number;
  readonly tools?: ComponentChildren;
}

export function RejectedPanel({ source, left, tools }: Props) {
  const { locale } = usePage();
  const [query, change] = useParameters();
  const after = query.get('after');
  const shown = query.get('rejected') === 'left' ? 'left' : 'all';
  const place = after ? `&cursor=${encodeURIComponent(after)}` : '';
  const answer = useQuery(`/v1/sources/${encodeURIComponent(source)}/rejected?limit=${A_PAGE}${place}`, parseRejected);
  return (
    <Panel
      title="Records set aside"
      note={
        left === 0
          ? 'None waits: what could not be read would be kept here, with the reason.'
          : `${number(left, locale.language)} could not be read. They are kept as they came, and become rows by a replay once the reader is mended.`
      }
      tools={
        <>
          <Segmented
            label="Which records"
            options={SHOWN}
            value={shown}
            onChange={(value) => change({ rejected: value === 'all' ? null : value })}
          />
          {tools}
        </>
      }
      class="rejected"
      busy={answer.loading}
    >
      <Loaded answer={answer}>
        {(page) => (
          <Reasons
            page={page}
            onlyLeft={shown === 'left'}
            older={page.next ? () => change({ after: page.next }) : null}
            newest={after ? () => change({ after: null }) : null}
          />
        )}
      </Loaded>
    </Panel>
  );
}

interface ReasonsProps {
  readonly page: RejectedPage;
  readonly onlyLeft: boolean;
  readonly older: (() => void) | null;
  readonly newest: (() => void) | null;
}

function Reasons({ page, onlyLeft, older, newest }: ReasonsProps) {
  const items = onlyLeft ? page.items.filter(({ replayedAt }) => !replayedAt) : page.items;
  return (
    <>
      {page.warnings.map((warning) => (
        <p key={warning} class="caveats">
          {warning}
        </p>
      ))}
      {items.length === 0 && (
        <Empty title={older ? 'None on this page' : 'Nothing was set aside'}>
          {older
            ? 'Older ones follow on the next page.'
            : onlyLeft && page.items.length > 0
              ? 'All that was set aside has been made good by a replay.'
              : 'Every record that came could be read.'}
        </Empty>
      )}
      {byReason(items).map((group) => (
        <Reason key={group.reason} group={group} />
      ))}
      {(older ?? newest) && (
        <div class="buttons">
          {newest && (
            <button type="button" class="button" onClick={newest}>
              Back to the newest
            </button>
          )}
          {older && (
            <button type="button" class="button" onClick={older}>
              Older records
            </button>
          )}
        </div>
      )}
    </>
  );
}

function Reason({ group }: { readonly group: ReasonGroup }) {
  const { locale, now } = usePage();
  const { reason, items } = group;
  const newest = items[0];
  const rest = items.slice(FIRST);
  return (
    <section class="source-reason" aria-label={reason}>
      <h3>
        <bdi>{reason || 'No reason was written down'}</bdi>
      </h3>
      <p class="form-hint">
        {number(items.length, locale.language)} {items.length === 1 ? 'record' : 'records'}
        {newest && `, the newest ${ago(newest.at, now, locale.language)}`}
      </p>
      <ul>
        {items.slice(0, FIRST).map((item) => (
          <Aside key={item.id} item={item} />
        ))}
      </ul>
      {rest.length > 0 && (
        <details>
          <summary>{number(rest.length, locale.language)} more for the same reason</summary>
          <ul>
            {rest.map((item) => (
              <Aside key={item.id} item={item} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Aside({ item }: { readonly item: Rejection }) {
  const { locale, now } = usePage();
  return (
    <li data-rejected={item.id}>
      <details class="source-aside">
        <summary>
          <span class="source-aside-at">{instant(item.at, locale, now)}</span>
          <bdi class="source-aside-text cut">{item.record.slice(0, 200)}</bdi>
          <Standing item={item} locale={locale} />
        </summary>
        <dl class="facts">
          {item.where && (
            <div>
              <dt>Where</dt>
              <dd>
                <bdi>{item.where}</bdi>
              </dd>
            </div>
          )}
          <div>
            <dt>Came in</dt>
            <dd>
              <bdi>{item.origin}</bdi>
            </dd>
          </div>
          {item.obstacle && (
            <div>
              <dt>A replay cannot read it</dt>
              <dd>{item.obstacle}</dd>
            </div>
          )}
        </dl>
        <pre class="source-excerpt" tabIndex={0} aria-label="The record as it came">
          <bdi>{item.record}</bdi>
        </pre>
        {item.cut && <p class="form-hint">This is its beginning; it is longer.</p>}
        {item.encoding === 'base64' && <p class="form-hint">It is no text and stands here in base64.</p>}
      </details>
    </li>
  );
}

function Standing({ item, locale }: { readonly item: Rejection; readonly locale: { readonly language: string } }) {
  const { now } = usePage();
  if (item.replayedAt) {
    return <span class="badge good">Made good {ago(item.replayedAt, now, locale.language)}</span>;
  }
  return <span class={`badge ${item.obstacle ? 'bad' : 'idle'}`}>{item.obstacle ? 'Stays' : 'Set aside'}</span>;
}
