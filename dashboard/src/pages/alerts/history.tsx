/** What a rule has told, to whom, and how far each message came; the newest first, further back on demand. */

import { useState } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import { usePage } from '../../shell/page.ts';
import { instant, relative } from '../../time/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Delivery, type HistoryMessage, parseHistory, WHAT_NAMES } from './preview.ts';
import type { Rule } from './rule.ts';
import { destinationWords } from './words.ts';

export function HistoryPanel({ rule }: { readonly rule: Rule }) {
  const [cursors, setCursors] = useState<readonly string[]>(['']);
  return (
    <Panel title="What was told" note="The newest first, and how far each message came.">
      {cursors.map((cursor, index) => (
        <HistoryPart
          key={cursor}
          id={rule.id}
          cursor={cursor}
          isLast={index === cursors.length - 1}
          onMore={(next) => setCursors([...cursors, next])}
        />
      ))}
    </Panel>
  );
}

interface PartProps {
  readonly id: string;
  readonly cursor: string;
  readonly isLast: boolean;
  readonly onMore: (next: string) => void;
}

function HistoryPart({ id, cursor, isLast, onMore }: PartProps) {
  const path = `/v1/alerts/${encodeURIComponent(id)}/history?limit=50`;
  const answer = useQuery(cursor ? `${path}&cursor=${encodeURIComponent(cursor)}` : path, parseHistory);
  return (
    <Loaded answer={answer}>
      {({ messages, next }) => (
        <>
          {messages.length > 0 && (
            <ul class="alerts-history">
              {messages.map((message) => (
                <Message key={message.id} message={message} />
              ))}
            </ul>
          )}
          {isLast && messages.length === 0 && (
            <p class="muted">{next ? 'Nothing was told in these two weeks.' : 'Nothing was told.'}</p>
          )}
          {isLast && next && (
            <div>
              <button type="button" class="button" onClick={() => onMore(next)}>
                Look further back
              </button>
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}

function Message({ message }: { readonly message: HistoryMessage }) {
  const { locale, now } = usePage();
  return (
    <li class="alerts-message">
      <p>
        <strong>{WHAT_NAMES[message.what]}</strong>{' '}
        <span class="muted">
          {instant(message.putAt ?? message.at, locale, now)} (
          {relative(message.putAt ?? message.at, now, locale.language)})
        </span>
      </p>
      <p class="alerts-message-subject">
        <bdi>{message.subject}</bdi>
      </p>
      <ul class="alerts-deliveries">
        {message.deliveries.map((delivery) => (
          <DeliveryLine key={delivery.to} delivery={delivery} />
        ))}
      </ul>
      <details>
        <summary>All of it</summary>
        <pre class="alerts-text">{message.text}</pre>
      </details>
    </li>
  );
}

const STEPS: Record<string, string> = {
  pending: 'on its way',
  sending: 'on its way',
  unsure: 'sent, and no answer came',
  sent: 'sent',
  dead: 'given up',
  dropped: 'nobody is there any more',
};

function DeliveryLine({ delivery }: { readonly delivery: Delivery }) {
  const { locale, now } = usePage();
  const { step, sentAt, reason } = delivery;
  const bad = step === 'dead' || step === 'unsure';
  return (
    <li>
      To <bdi title={delivery.to}>{destinationWords(delivery.to)}</bdi>:{' '}
      <span class={bad ? 'alerts-undelivered' : undefined}>{STEPS[step] ?? step}</span>
      {step === 'sent' && sentAt && ` ${instant(sentAt, locale, now)}`}
      {reason && <bdi class="muted"> ({reason})</bdi>}
      {step === 'dead' && (
        <>
          {' '}
          <a href="/runbooks/delivery-failed.html">What to do</a>
        </>
      )}
    </li>
  );
}
