/** A dashboard as it is read, with what can be done with it. */

import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { isAdmin, type Page, usePage } from '../../shell/page.ts';
import { useFrame, useParameters } from '../../state/address.ts';
import { frameFaults } from '../../state/frame.ts';
import { instant } from '../../time/format.ts';
import { rangeSaid } from '../../time/range-said.ts';
import { dateIn } from '../../time/zones.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { FormProblem } from '../../ui/form.tsx';
import { FrameBar } from '../../ui/frame-bar.tsx';
import { More, Pencil } from '../../ui/icons.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { useTell } from '../../ui/notices.tsx';
import { Misread } from '../../ui/misread.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { RangeSteps } from '../../ui/range-steps.tsx';
import { Board } from './board.tsx';
import { addressOf, contentOf, copyName, type DashboardData, LIST_PATH } from './dashboard.ts';
import { sameContent } from './draft.ts';
import { dropDraft, readDraft } from './kept-draft.ts';
import { useCopy } from './making.ts';
import { useFirstPage } from './preferences.ts';
import { usePrint } from './print.ts';
import { WallForm } from './wall-form.tsx';

export const mayChange = ({ seeded, mine }: DashboardData, page: Page): boolean => !seeded && (mine || isAdmin(page));

interface Props {
  readonly dashboard: DashboardData;
  readonly etag: string | null;
}

export function View({ dashboard, etag }: Props) {
  const page = usePage();
  const framing = useFrame(dashboard);
  const { frame } = framing;
  const locale = { ...page.locale, zone: frame.zone };
  const [query, setParameters] = useParameters();
  const may = mayChange(dashboard, page);
  const wantsEdit = query.get('edit') === '1' && page.me !== null;
  const actions = useThings(dashboard, etag, may);
  return (
    <>
      <Misread faults={frameFaults(query)} />
      <PageHead
        title={dashboard.name}
        note={dashboard.description && <bdi class="cut-lines">{dashboard.description}</bdi>}
        actions={
          <>
            <RangeSteps framing={framing} named />
            {may && (
              <button type="button" class="button with-icon" onClick={() => setParameters({ edit: '1' })}>
                <Pencil /> Edit
              </button>
            )}
            <Menu label="More for this dashboard" icon={<More />} items={actions.items} />
          </>
        }
      />
      {wantsEdit && !may && (
        <p class="note" role="status">
          {dashboard.seeded
            ? 'This dashboard comes with Headwater and stays as it is: make a copy, and change that.'
            : `It is ${dashboard.owner ?? 'somebody else'}’s: only they and administrators may change it. Make a copy, and change that.`}
        </p>
      )}
      <Unsaved dashboard={dashboard} may={may} />
      <FormProblem problem={actions.problem} />
      <FrameBar framing={framing} />
      <p class="print-head">
        {rangeSaid(frame.range, dateIn(frame.zone, page.now), locale)}, {frame.zone}. As of{' '}
        {instant(page.now, locale, page.now)}.
      </p>
      <Board widgets={dashboard.widgets} frame={frame} mayEdit={may} />
      {actions.dialog}
    </>
  );
}

/** What was changed here before and not saved. */
function Unsaved({ dashboard, may }: { readonly dashboard: DashboardData; readonly may: boolean }) {
  const [, setParameters] = useParameters();
  const [draft, setDraft] = useState(() => readDraft(sessionStorage, dashboard.id));
  if (!may || !draft || sameContent(draft.content, contentOf(dashboard))) return null;
  return (
    <p class="stale" role="status">
      <span>You changed this dashboard in this tab and have not saved it.</span>
      <button type="button" class="link" onClick={() => setParameters({ edit: '1' })}>
        Go on
      </button>
      <button
        type="button"
        class="link"
        onClick={() => {
          dropDraft(sessionStorage, dashboard.id);
          setDraft(null);
        }}
      >
        Throw it away
      </button>
    </p>
  );
}

/** Everything else that can be done with a dashboard. */
function useThings(dashboard: DashboardData, etag: string | null, may: boolean) {
  const { id, name } = dashboard;
  const tell = useTell();
  const { route } = useLocation();
  const copy = useCopy();
  const { first, ready, change } = useFirstPage();
  const print = usePrint();
  const [asking, setAsking] = useState<'delete' | 'wall' | null>(null);
  useEffect(() => {
    if (print.say) tell(print.say);
  }, [print.say, tell]);

  const share = () => {
    const address = new URL(addressOf(dashboard), location.href);
    address.search = location.search;
    navigator.clipboard.writeText(address.href).then(
      () => tell('The link is copied, with the range that you look at'),
      () => tell(`The browser does not let the page copy. The link is ${address.href}`),
    );
  };
  const makeFirst = (to: string | null) =>
    void change.run(to).then((done) => {
      if (done) tell(to ? 'This is your first page now' : 'The company’s overview is your first page again');
    });
  const isFirst = first === id || (first === null && id === 'overview');
  const items: MenuItem[] = [
    { label: 'Copy the link', onSelect: share },
    {
      label: 'Make a copy',
      onSelect: () => void copy.run({ ...contentOf(dashboard), name: copyName(name) }).then((to) => to && route(to)),
    },
    isFirst
      ? { label: 'Not my first page', disabled: first === null, onSelect: () => makeFirst(null) }
      : { label: 'Make it my first page', disabled: !ready, onSelect: () => makeFirst(id === 'overview' ? null : id) },
    { label: 'On a wall…', onSelect: () => setAsking('wall') },
    { label: 'Print, or save as PDF', onSelect: print.start },
    { label: 'All dashboards', onSelect: () => route('/dashboards') },
    ...(may ? [{ label: 'Delete…', onSelect: () => setAsking('delete') }] : []),
  ];
  const close = () => setAsking(null);
  const dialog =
    asking === 'wall' ? (
      <WallForm id={id} onClose={close} />
    ) : asking === 'delete' ? (
      <Confirm
        title="Delete this dashboard?"
        action="Delete it"
        act={(client) =>
          client.change({ method: 'DELETE', path: `/v1/dashboards/${encodeURIComponent(id)}`, ifMatch: etag })
        }
        changes={[LIST_PATH]}
        said="Deleted"
        onDone={() => {
          dropDraft(sessionStorage, id);
          route('/dashboards');
        }}
        onClose={close}
      >
        <p>
          <bdi>{name}</bdi> is gone for everybody who has its link. This cannot be undone.
        </p>
      </Confirm>
    ) : null;
  return { items, dialog, problem: copy.problem ?? change.problem };
}
