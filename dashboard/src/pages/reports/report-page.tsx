/** One report: what is in it, what was made of it, and a button that makes it now. */

import { useLocation, useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useOnce } from '../../api/once.ts';
import { useQuery } from '../../api/query.ts';
import { text } from '../../api/json.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { instant } from '../../time/format.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox, FormProblem } from '../../ui/form.tsx';
import { LoadedPage } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useSending } from '../../ui/sending.ts';
import { destinationWords } from '../alerts/words.ts';
import { AskedWords } from './part-row.tsx';
import { ChangeReport } from './report-form.tsx';
import { parseReport, type Report } from './report.ts';
import { Runs } from './runs.tsx';
import { useKnown } from './use-known.ts';
import './reports.css';

const BACK = { href: '/reports', label: 'All reports' };

export default function ReportPage() {
  const { params } = useRoute();
  const path = `/v1/reports/${encodeURIComponent(params.name ?? '')}`;
  const answer = useQuery(path, parseReport);
  return (
    <main id="content" tabIndex={-1}>
      <LoadedPage answer={answer} title="Report" back={BACK}>
        {(report) => <One path={path} report={report} etag={answer.etag} />}
      </LoadedPage>
    </main>
  );
}

interface OneProps {
  readonly path: string;
  readonly report: Report;
  readonly etag: string | null;
}

function One({ path, report, etag }: OneProps) {
  const page = usePage();
  const { locale, now } = page;
  const [asked, setAsked] = useState<'change' | 'delete' | null>(null);
  const { schedule, nextAt, enabled } = report;
  const known = useKnown(report.parts);
  const when = schedule ? `Made ${schedule.cadence}` : 'Made when somebody asks';
  const next = nextAt ? `, next ${instant(nextAt, locale, now)}` : enabled ? '' : ', switched off';
  return (
    <>
      <PageHead
        title={report.title}
        back={BACK}
        note={`${when}${next}. Told of it: ${toldOf(report)}.`}
        actions={
          isAdmin(page) && (
            <>
              <button type="button" class="button" onClick={() => setAsked('change')}>
                Change
              </button>
              <button type="button" class="button danger" onClick={() => setAsked('delete')}>
                Delete
              </button>
            </>
          )
        }
      />
      {isAdmin(page) && <MakeNow path={path} report={report} />}
      <Runs path={path} />
      <Panel title="What is in it">
        <ol class="report-parts">
          {report.parts.map((part, at) => (
            <li key={at}>
              <div>
                <bdi>{text(part.title)}</bdi>
                <AskedWords part={part} known={known} />
              </div>
            </li>
          ))}
        </ol>
      </Panel>
      {asked === 'change' && (
        <Dialog title="Change the report" onClose={() => setAsked(null)} wide>
          <ChangeReport path={path} onDone={() => setAsked(null)} />
        </Dialog>
      )}
      {asked === 'delete' && <Delete path={path} report={report} etag={etag} onClose={() => setAsked(null)} />}
    </>
  );
}

const toldOf = ({ to }: Report): string => to.map(destinationWords).join(', ') || 'nobody';

function MakeNow({ path, report }: Omit<OneProps, 'etag'>) {
  const [send, setSend] = useState(false);
  const post = useOnce();
  const making = useSending((client) => post(client, `${path}/runs`, { send }), [`${path}/runs`], {
    said: 'It is being made: it appears below.',
  });
  return (
    <Panel title="Make it now">
      <Checkbox
        label={`Send it, too: to ${toldOf(report)}`}
        hint="Else only you have it, below."
        checked={send}
        onChange={setSend}
      />
      <FormProblem problem={making.problem} />
      <div class="buttons">
        <button type="button" class="button primary" disabled={making.busy} onClick={() => making.send()}>
          {send ? 'Make and send now' : 'Make now'}
        </button>
      </div>
    </Panel>
  );
}

function Delete({ path, report, etag, onClose }: OneProps & { readonly onClose: () => void }) {
  const { route } = useLocation();
  return (
    <Confirm
      title="Delete this report?"
      action="Delete it"
      act={(client) => client.change({ method: 'DELETE', path, ifMatch: etag })}
      changes={['/v1/reports']}
      said={`${report.title} is deleted.`}
      onDone={() => route('/reports')}
      onClose={onClose}
    >
      <p>
        <bdi>{report.title}</bdi> is made no more. Files that were made of it stay for their 400 days.
      </p>
    </Confirm>
  );
}
