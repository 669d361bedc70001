/** To whom a message went, and how far it came. */

import { SUBSCRIPTIONS } from '../../api/lists.ts';
import { useQuery } from '../../api/query.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { instant, number } from '../../time/format.ts';
import { destinationWords } from '../alerts/words.ts';
import { parseSubscriptions } from '../subscriptions/subscription.ts';
import type { Delivery } from './message.ts';
import './messages.css';

const STATES: Record<string, { readonly label: string; readonly tone: 'good' | 'warn' | 'bad' | 'idle' }> = {
  pending: { label: 'On its way', tone: 'warn' },
  sending: { label: 'On its way', tone: 'warn' },
  unsure: { label: 'Sent, and no answer came', tone: 'bad' },
  sent: { label: 'Sent', tone: 'good' },
  dead: { label: 'Given up', tone: 'bad' },
  dropped: { label: 'Nobody is there', tone: 'idle' },
};

export function Deliveries({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  return (
    <ul class="deliveries">
      {deliveries.map((delivery) => (
        <DeliveryLine key={delivery.to} delivery={delivery} />
      ))}
    </ul>
  );
}

function DeliveryLine({ delivery }: { readonly delivery: Delivery }) {
  const { locale, now } = usePage();
  const { to, state, attempts, reason, sentAt, nextTry } = delivery;
  const { label, tone } = STATES[state] ?? { label: state, tone: 'idle' };
  return (
    <li data-to={to} data-state={state}>
      <span class={`badge ${tone}`} title={sentAt ? instant(sentAt, locale, now) : undefined}>
        {label}
      </span>{' '}
      <Destination to={to} />
      {(reason || nextTry || state === 'dead') && (
        <span class="form-hint">
          {reason && <bdi>{reason}</bdi>}
          {attempts > 1 && ` ${number(attempts, locale.language)} tries.`}
          {nextTry && ` Tried again ${nextTry > now ? instant(nextTry, locale, now) : 'now'}.`}
          {state === 'dead' && (
            <>
              {' '}
              <a href="/runbooks/delivery-failed.html">What to do</a>
            </>
          )}
        </span>
      )}
    </li>
  );
}

const SUBSCRIPTION = 'subscription:';

function Destination({ to }: { readonly to: string }) {
  // Whose it is, administrators may know.
  const page = usePage();
  const asked = to.startsWith(SUBSCRIPTION) && isAdmin(page);
  const people = useQuery(asked ? SUBSCRIPTIONS : null, parseSubscriptions);
  const id = to.slice(SUBSCRIPTION.length);
  const address = asked ? people.data?.find((one) => one.id === id)?.address : undefined;
  const words = <bdi title={to}>{address ?? destinationWords(to)}</bdi>;
  return asked ? <a href={`/subscriptions/${encodeURIComponent(id)}`}>{words}</a> : words;
}
