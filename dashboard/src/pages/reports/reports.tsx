/** Every report: what it is, when it is made, who is told of it. */

import type { Json } from '../../api/json.ts';
import { REPORT_LIST } from '../../api/lists.ts';
import { useQuery } from '../../api/query.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { instant } from '../../time/format.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { destinationWords } from '../alerts/words.ts';
import { questionOfAddress } from '../explore/address-question.ts';
import { ReportForm } from './report-form.tsx';
import { partOfQuery } from './parts.ts';
import { parseReports } from './report.ts';
import './reports.css';

export default function Reports() {
  const page = usePage();
  const { locale, now } = page;
  const [query, set] = useParameters();
  const answer = useQuery(REPORT_LIST, parseReports);
  const admin = isAdmin(page);
  const close = () => set({ new: null, part: null }, true);
  return (
    <main id="content" tabIndex={-1}>
      <PageHead
        title="Reports"
        note="Documents of several parts, made by the clock or when somebody asks, to read or to go on working with."
        actions={
          admin && (
            <button type="button" class="button primary" onClick={() => set({ new: 'yes' })}>
              Make a report
            </button>
          )
        }
      />
      <Panel
        title="All reports"
        note={page.me && !admin && 'Whoever may read sees them and their files; administrators make and change them.'}
        busy={answer.loading}
      >
        <Loaded answer={answer}>
          {(reports) =>
            reports.length === 0 ? (
              <Empty title="No report yet">
                {admin ? 'Make one of what you look at every week.' : 'Administrators make them; ask for yours.'}
              </Empty>
            ) : (
              <ListTable
                label="Reports"
                rows={reports}
                rowKey={({ name }) => name}
                columns={[
                  {
                    title: 'Title',
                    cell: ({ name, title }) => (
                      <a href={`/reports/${encodeURIComponent(name)}`}>
                        <bdi>{title}</bdi>
                      </a>
                    ),
                  },
                  { title: 'Format', cell: ({ format }) => (format === 'pdf' ? 'PDF' : 'Excel') },
                  { title: 'Parts', numeric: true, cell: ({ parts }) => parts.length },
                  { title: 'How often', cell: ({ schedule }) => schedule?.cadence ?? 'when asked' },
                  {
                    title: 'Next',
                    short: true,
                    cell: ({ nextAt, enabled }) =>
                      nextAt ? instant(nextAt, locale, now) : enabled ? 'when asked' : 'switched off',
                  },
                  { title: 'Goes to', cell: ({ to }) => <bdi>{to.map(destinationWords).join(', ')}</bdi> },
                ]}
              />
            )
          }
        </Loaded>
      </Panel>
      {query.get('new') && (
        <Dialog title="Make a report" onClose={close} wide>
          <ReportForm report={null} parts={begunWith(query.get('part'), locale.zone)} onDone={close} />
        </Dialog>
      )}
    </main>
  );
}

/** What somebody looked at in the explorer, and wants a report of. */
function begunWith(search: string | null, zone: string): readonly Json[] {
  if (!search) return [];
  const query = questionOfAddress(`/explore${search}`, location.origin, zone);
  return typeof query === 'string' ? [] : [partOfQuery(query, new Map())];
}
