/** What a rule has told, to whom, and how far each message came; the newest first, further back on demand. */

import { usePage } from '../../shell/page.ts';
import { instant, relative } from '../../time/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RowsSkeleton } from '../../ui/states.tsx';
import { Deliveries } from '../messages/deliveries.tsx';
import { type HistoryMessage, WHAT_NAMES } from './preview.ts';
import type { Told } from './use-history.ts';

export function HistoryPanel({ told: { answer, messages, more, looking } }: { readonly told: Told }) {
  return (
    <Panel title="What was told" note="The newest first, and how far each message came." busy={answer.loading}>
      {messages.length > 0 && (
        <ul class="alerts-history">
          {messages.map((message) => (
            <Message key={message.id} message={message} />
          ))}
        </ul>
      )}
      {looking && !answer.error ? (
        <RowsSkeleton slow={answer.slow} />
      ) : (
        <Loaded answer={answer}>
          {() => (
            <>
              {messages.length === 0 && (
                <p class="muted">{more ? 'Nothing was told in the last weeks.' : 'Nothing was told.'}</p>
              )}
              {more && (
                <div>
                  <button type="button" class="button" onClick={more}>
                    Look further back
                  </button>
                </div>
              )}
            </>
          )}
        </Loaded>
      )}
    </Panel>
  );
}

function Message({ message }: { readonly message: HistoryMessage }) {
  const { locale, now } = usePage();
  const { what, at, putAt, subject, deliveries, text } = message;
  const told = putAt ?? at;
  return (
    <li class="alerts-message" data-id={message.id}>
      <p>
        <strong>{WHAT_NAMES[what]}</strong>{' '}
        <span class="muted">
          {instant(told, locale, now)} ({relative(told, now, locale.language)})
        </span>
      </p>
      <p class="alerts-message-subject">
        <bdi>{subject}</bdi>
      </p>
      <Deliveries deliveries={deliveries} />
      <details>
        <summary>All of it</summary>
        <pre class="message-text">{text}</pre>
      </details>
    </li>
  );
}
