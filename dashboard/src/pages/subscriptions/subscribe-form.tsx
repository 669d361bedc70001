/** Ask for an address to be told: the person whose address it is says yes or no. */

import { useState } from 'preact/hooks';
import { useOnce } from '../../api/once.ts';
import { EditForm } from '../../ui/edit-form.tsx';
import { Field, problemOf } from '../../ui/form.tsx';
import { SegmentedField } from '../../ui/segmented.tsx';
import { useSending } from '../../ui/sending.ts';
import { NO_WISHES, PROTOCOL_NAMES, PROTOCOLS, type Protocol, type Wishes, wishesJson } from './subscription.ts';
import { WishesFields } from './wishes-fields.tsx';

const SHOWN = ['protocol', 'address', 'alerts', 'incidents', 'reports', 'digest'];

export function SubscribeForm({ onDone }: { readonly onDone: () => void }) {
  const [protocol, setProtocol] = useState<Protocol>('email');
  const [address, setAddress] = useState('');
  const [wishes, setWishes] = useState<Wishes>(NO_WISHES);
  const post = useOnce();
  const asking = useSending(
    (client) => post(client, '/v1/subscriptions', { protocol, address: address.trim(), ...wishesJson(wishes) }),
    ['/v1/subscriptions'],
    { said: `${address} was asked: nothing else is sent until they say yes.`, then: onDone },
  );
  return (
    <EditForm
      sending={asking}
      given={[protocol, address, wishes]}
      shown={SHOWN}
      action="Ask them"
      doing="Asking…"
      openedBy="new"
      onCancel={onDone}
    >
      <SegmentedField
        label="Told by"
        options={PROTOCOLS.map((value) => ({ value, label: PROTOCOL_NAMES[value] }))}
        value={protocol}
        problem={problemOf(asking.problem, 'protocol')}
        onChange={setProtocol}
      />
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
    </EditForm>
  );
}
