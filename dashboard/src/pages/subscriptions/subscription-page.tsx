/** One subscription: how it stands, what it hears, its digest as it would be sent now, its end. */

import { useLocation, useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { useAction, useQuery } from '../../api/query.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { Allowed } from '../../ui/allowed.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { FormProblem } from '../../ui/form.tsx';
import { LoadedPage } from '../../ui/loaded.tsx';
import { useTell } from '../../ui/notices.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
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
      <Allowed may={isAdmin} otherwise={<NotTheirs />}>
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
      {(subscription) => (
        <One key={subscription.id} path={path} subscription={subscription} etag={answer.etag} reload={answer.retry} />
      )}
    </LoadedPage>
  );
}

interface OneProps {
  readonly path: string;
  readonly subscription: Subscription;
  readonly etag: string | null;
  readonly reload: () => void;
}

function One({ path, subscription, etag, reload }: OneProps) {
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
            {subscription.reason ?? (word ? advice : '')}
          </>
        }
        actions={isAdmin(page) && <End path={path} subscription={subscription} etag={etag} />}
      />
      <Hears path={path} subscription={subscription} etag={etag} reload={reload} />
      {subscription.digest && <DigestPanel path={path} state={subscription.state} />}
    </>
  );
}

function Hears({ path, subscription, etag, reload }: OneProps) {
  const tell = useTell();
  const [wishes, setWishes] = useState<Wishes>(subscription);
  // What the change is made of: while one types, somebody else's change must not slip under it.
  const [seen, setSeen] = useState(etag);
  const [touched, setTouched] = useState(false);
  useEffect(() => {
    if (touched) return;
    setWishes(subscription);
    setSeen(etag);
  }, [subscription, etag, touched]);
  const saving = useAction(
    (client) => client.change({ method: 'PATCH', path, body: wishesJson(wishes), ifMatch: seen }),
    ['/v1/subscriptions'],
  );
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(await saving.run())) return;
    tell('Saved: they hear that from now on.');
    setTouched(false);
  };
  const takeTheirs = () => {
    setTouched(false);
    saving.forget();
    reload();
  };
  return (
    <Panel title="What they hear">
      <form class="form" onSubmit={(event) => void submit(event)} noValidate>
        <WishesFields
          wishes={wishes}
          problem={saving.problem}
          onChange={(part) => {
            setTouched(true);
            setWishes((old) => ({ ...old, ...part }));
          }}
        />
        <FormProblem problem={saving.problem} shown={['alerts', 'incidents', 'reports', 'digest']} />
        <div class="buttons">
          <button type="submit" class="button primary" disabled={saving.busy || !touched}>
            Save
          </button>
          {touched && (
            <button type="button" class="button" onClick={takeTheirs}>
              {saving.problem?.status === 412 ? 'Load what is there now' : 'As it was'}
            </button>
          )}
        </div>
      </form>
    </Panel>
  );
}

function End({ path, subscription, etag }: Omit<OneProps, 'reload'>) {
  const tell = useTell();
  const { route } = useLocation();
  const [asked, setAsked] = useState(false);
  const ending = useAction((client) => client.change({ method: 'DELETE', path, ifMatch: etag }), ['/v1/subscriptions']);
  const end = async () => {
    if (!(await ending.run())) return;
    tell(`${subscription.address} hears nothing more.`);
    route('/subscriptions');
  };
  return (
    <>
      <button type="button" class="button danger" onClick={() => setAsked(true)}>
        End it
      </button>
      {asked && (
        <Confirm
          title="End this subscription?"
          action="End it"
          busy={ending.busy}
          onConfirm={() => void end()}
          onClose={() => setAsked(false)}
        >
          <p>
            <bdi>{subscription.address}</bdi> hears nothing more. To be told again they have to say yes again.
          </p>
          <FormProblem problem={ending.problem} />
        </Confirm>
      )}
    </>
  );
}
