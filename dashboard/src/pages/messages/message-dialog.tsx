/** One message as it was sent: its words, whom it went to, and once more where it was given up. */

import { useQuery } from '../../api/query.ts';
import { usePage } from '../../shell/page.ts';
import { instant, relative } from '../../time/format.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Deliveries } from './deliveries.tsx';
import { isGivenUp, type Message, parseMessage } from './message.ts';
import './messages.css';

interface Props {
  readonly id: string;
  readonly busy: boolean;
  readonly onAgain: (message: Message) => void;
  readonly onClose: () => void;
}

export function MessageDialog({ id, busy, onAgain, onClose }: Props) {
  const { locale, now } = usePage();
  const answer = useQuery(`/v1/messages/${encodeURIComponent(id)}`, parseMessage);
  return (
    <Dialog title={answer.data?.subject ?? 'Message'} onClose={onClose} wide>
      <Loaded answer={answer}>
        {(message) => (
          <>
            <p class="message-facts">
              <span>
                {message.kind}, {message.severity}
              </span>
              {message.putAt && (
                <span>
                  told {instant(message.putAt, locale, now)} ({relative(message.putAt, now, locale.language)})
                </span>
              )}
              {message.at && <span>about {instant(message.at, locale, now)}</span>}
              {message.files.length > 0 && <bdi>with {message.files.join(', ')}</bdi>}
            </p>
            <Deliveries deliveries={message.deliveries} />
            <pre class="message-text" tabIndex={0} role="group" aria-label="What it says">
              {message.text}
            </pre>
            <div class="buttons">
              {message.link && (
                <a class="button primary" href={message.link}>
                  See what it is about
                </a>
              )}
              {isGivenUp(message) && (
                <button type="button" class="button" disabled={busy} onClick={() => onAgain(message)}>
                  Send again
                </button>
              )}
              <button type="button" class="button" onClick={onClose}>
                Close
              </button>
            </div>
          </>
        )}
      </Loaded>
    </Dialog>
  );
}
