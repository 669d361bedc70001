/** One subscription: how it stands, what it hears, its digest as it would be sent now, its end. */

import { useLocation, useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import type { Reply } from '../../api/client.ts';
import { useQuery } from '../../api/query.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { instant } from '../../time/format.ts';
import { Allowed } from '../../ui/allowed.tsx';
import { ChangedMeanwhile } from '../../ui/changed-meanwhile.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { FormProblem } from '../../ui/form.tsx';
import { LoadedPage } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useSending } from '../../ui/sending.ts';
import { useUnsaved } from '../../ui/unsaved.ts';
import { DigestPanel } from './digest-panel.tsx';
import {
  parseSubscription,
  PROTOCOL_NAMES,
  STANDING,
  type Subscription,
  type Wishes,
  wishesJson,
} from './subscription.ts';
import { Standing } from './subscriptions.tsx';
import { WishesFields } from './wishes-fields.tsx';

const BACK = { href: '/subscriptions', label: 'All subscriptions' };

export default function SubscriptionPage() {
  const { params } = useRoute();
  return (
    <main id="content" tabIndex={-1}>
      <Allowed may={isAdmin} otherwise={<NotTheirs />} head={<PageHead title="Subscription" back={BACK} />}>
        <OneOf path={`/v1/subscriptions/${encodeURIComponent(params.id ?? '')}`} />
      </Allowed>
    </main>
  );
}

function NotTheirs() {
  return (
    <>
      <PageHead title="Subscription" back={BACK} />
      <Panel title="Only for administrators">
        <p>A subscription names a person’s address. Your own is changed and ended by the links in its messages.</p>
      </Panel>
    </>
  );
}

function OneOf({ path }: { readonly path: string }) {
  const answer = useQuery(path, parseSubscription);
  return (
    <LoadedPage answer={answer} title="Subscription" back={BACK}>
      {(subscription) => <One key={subscription.id} path={path} subscription={subscription} etag={answer.etag} />}
    </LoadedPage>
  );
}

interface OneProps {
  readonly path: string;
  readonly subscription: Subscription;
  readonly etag: string | null;
}

function One({ path, subscription, etag }: OneProps) {
  const page = usePage();
  const { word, advice } = STANDING[subscription.state] ?? { word: subscription.state, advice: '' };
  return (
    <>
      <PageHead
        title={subscription.address}
        back={BACK}
        note={
          <>
            {PROTOCOL_NAMES[subscription.protocol]}. <Standing subscription={subscription} />{' '}
            {subscription.reason ?? (word ? advice : '')} <LastChange subscription={subscription} />
          </>
        }
        actions={isAdmin(page) && <End path={path} subscription={subscription} etag={etag} />}
      />
      <Hears path={path} subscription={subscription} etag={etag} />
      {subscription.digest && <DigestPanel path={path} state={subscription.state} />}
    </>
  );
}

function LastChange({ subscription }: { readonly subscription: Subscription }) {
  const { locale, now } = usePage();
  const { changedAt, changedBy } = subscription;
  if (!changedBy) return null;
  return (
    <span>
      {changedAt ? `Changed ${instant(changedAt, locale, now)}` : 'Asked for'} by <bdi class="cut">{changedBy}</bdi>.
    </span>
  );
}

interface Seen {
  readonly subscription: Subscription;
  readonly etag: string | null;
}

function Hears({ path, subscription, etag }: OneProps) {
  const [saved, setSaved] = useState<(Seen & { readonly over: string | null }) | null>(null);
  // What was answered to a change is newer than what the page has seen, until that is asked for again.
  const live = saved && saved.over === etag ? saved : { subscription, etag };
  const [seen, setSeen] = useState(live.etag);
  const [wishes, setWishes] = useState<Wishes>(subscription);
  const [touched, setTouched] = useState(false);
  // While one types, somebody else's change must not slip under it; until then, and once it is saved, it is shown.
  useEffect(() => {
    if (touched) return;
    setWishes(live.subscription);
    setSeen(live.etag);
  }, [live.subscription, live.etag, touched]);
  const answered = (reply: Reply) =>
    setSaved({ over: etag, subscription: parseSubscription(reply.json), etag: reply.etag });
  const saving = useSending(
    async (client, over?: string | null) => {
      const ifMatch = over ?? seen;
      answered(await client.change({ method: 'PATCH', path, body: wishesJson(wishes), ifMatch }));
    },
    ['/v1/subscriptions'],
    { said: 'Saved: they hear that from now on.', then: () => setTouched(false) },
  );
  const begin = () => {
    setTouched(false);
    saving.forget();
  };
  const { problem } = saving;
  useUnsaved(touched && !saving.busy);
  return (
    <Panel title="What they hear">
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          saving.send();
        }}
        noValidate
      >
        <WishesFields
          wishes={wishes}
          problem={problem}
          onChange={(part) => {
            setTouched(true);
            setWishes((old) => ({ ...old, ...part }));
          }}
        />
        {problem?.status === 412 ? (
          <ChangedMeanwhile
            refused={problem}
            path={path}
            what="this subscription"
            onTake={(newest) => {
              answered(newest);
              begin();
            }}
            onKeep={saving.send}
          />
        ) : (
          <FormProblem problem={problem} shown={['alerts', 'incidents', 'reports', 'digest']} />
        )}
        <div class="buttons">
          <button type="submit" class="button primary" disabled={saving.busy || !touched}>
            Save
          </button>
          {touched && (
            <button type="button" class="button" onClick={begin}>
              As it was
            </button>
          )}
        </div>
      </form>
    </Panel>
  );
}

function End({ path, subscription, etag }: OneProps) {
  const { route } = useLocation();
  const [asked, setAsked] = useState(false);
  return (
    <>
      <button type="button" class="button danger" onClick={() => setAsked(true)}>
        End it
      </button>
      {asked && (
        <Confirm
          title="End this subscription?"
          action="End it"
          act={(client) => client.change({ method: 'DELETE', path, ifMatch: etag })}
          changes={['/v1/subscriptions']}
          said={`${subscription.address} hears nothing more.`}
          onDone={() => route('/subscriptions')}
          onClose={() => setAsked(false)}
        >
          <p>
            <bdi>{subscription.address}</bdi> hears nothing more. To be told again they have to say yes again.
          </p>
        </Confirm>
      )}
    </>
  );
}
