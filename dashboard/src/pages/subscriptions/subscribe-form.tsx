/** Ask for an address to be told: the person whose address it is says yes or no. */

import { useRef, useState } from 'preact/hooks';
import { useAction } from '../../api/query.ts';
import { Field, FormProblem, problemOf } from '../../ui/form.tsx';
import { useTell } from '../../ui/notices.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { NO_WISHES, PROTOCOL_NAMES, PROTOCOLS, type Protocol, type Wishes, wishesJson } from './subscription.ts';
import { WishesFields } from './wishes-fields.tsx';

const SHOWN = ['protocol', 'address', 'alerts', 'incidents', 'reports', 'digest'];

export function SubscribeForm({ onDone }: { readonly onDone: () => void }) {
  const tell = useTell();
  const [protocol, setProtocol] = useState<Protocol>('email');
  const [address, setAddress] = useState('');
  const [wishes, setWishes] = useState<Wishes>(NO_WISHES);
  // Sent again after a lost answer, it is the same request.
  const key = useRef<string>(crypto.randomUUID());
  const asking = useAction(
    (client) => {
      const body = { protocol, address: address.trim(), ...wishesJson(wishes) };
      return client.change({ method: 'POST', path: '/v1/subscriptions', body, idempotencyKey: key.current });
    },
    ['/v1/subscriptions'],
  );
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(await asking.run())) {
      key.current = crypto.randomUUID(); // what is sent next is another request
      return;
    }
    tell(`${address} was asked: nothing else is sent until they say yes.`);
    onDone();
  };
  return (
    <form class="form" onSubmit={(event) => void submit(event)} noValidate>
      <div class="form-field">
        <span class="form-label" aria-hidden="true">
          Told by
        </span>
        <Segmented
          label="Told by"
          options={PROTOCOLS.map((value) => ({ value, label: PROTOCOL_NAMES[value] }))}
          value={protocol}
          onChange={setProtocol}
        />
        {problemOf(asking.problem, 'protocol') && <p class="field-problem">{problemOf(asking.problem, 'protocol')}</p>}
      </div>
      <Field
        label={protocol === 'sms' ? 'Phone number' : 'E-mail address'}
        hint={protocol === 'sms' ? 'With its country code: +49 171 2345678' : undefined}
        problem={problemOf(asking.problem, 'address')}
      >
        {(control) => (
          <input
            {...control}
            type="text"
            inputMode={protocol === 'sms' ? 'tel' : 'email'}
            autocomplete={protocol === 'sms' ? 'tel' : 'email'}
            value={address}
            onInput={(event) => setAddress(event.currentTarget.value)}
          />
        )}
      </Field>
      <WishesFields
        wishes={wishes}
        problem={asking.problem}
        onChange={(part) => setWishes((old) => ({ ...old, ...part }))}
      />
      <FormProblem problem={asking.problem} shown={SHOWN} />
      <div class="buttons">
        <button type="submit" class="button primary" disabled={asking.busy}>
          {asking.busy ? 'Asking…' : 'Ask them'}
        </button>
        <button type="button" class="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}
