/** Put what is shown into a report: one that there is, or a new one. */

import { useState } from 'preact/hooks';
import { REPORT_LIST } from '../../api/lists.ts';
import { useQuery } from '../../api/query.ts';
import type { Frame, Question } from '../../question/question.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { EditForm } from '../../ui/edit-form.tsx';
import { ChoiceField, TextField } from '../../ui/fields.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useSending } from '../../ui/sending.ts';
import { LONGEST_TITLE, MOST_PARTS, partOfQuestion } from '../reports/parts.ts';
import { parseReports, type Report } from '../reports/report.ts';
import { Kept } from './kept.tsx';
import { addPart, REPORTS } from './save.ts';

interface Props {
  readonly question: Question;
  readonly frame: Frame;
  /** What the part is called unless something else is typed. */
  readonly title: string;
  readonly onClose: () => void;
}

export function ReportDialog(props: Props) {
  const reports = useQuery(REPORT_LIST, parseReports);
  return (
    <Dialog title="Add to a report" onClose={props.onClose}>
      <Loaded answer={reports}>{(all) => <Form {...props} reports={all} />}</Loaded>
    </Dialog>
  );
}

function Form({ reports, question, frame, title, onClose }: Props & { readonly reports: readonly Report[] }) {
  const open = reports.find(({ parts }) => parts.length < MOST_PARTS);
  const [to, setTo] = useState(open?.name ?? '');
  const [called, setCalled] = useState('');
  const [added, setAdded] = useState(false);
  const add = useSending(
    async (client) => {
      await addPart(client, to, partOfQuestion(called.trim() || title, question, frame));
      setAdded(true);
    },
    [REPORTS],
  );
  if (added) {
    const href = `/reports/${encodeURIComponent(to)}`;
    return <Kept said="It is the report’s last part." href={href} open="Open the report" onClose={onClose} />;
  }
  return (
    <EditForm
      sending={add}
      given={[to, called]}
      shown={[]}
      action={open ? 'Add it' : null}
      other={
        <a class="button" href={`/reports?new=yes&part=${encodeURIComponent(location.search)}`}>
          Make a new report of it
        </a>
      }
      onCancel={onClose}
    >
      {typeof frame.range !== 'string' && (
        <p class="note">
          These are days of the calendar: every issue of the report shows the same. For those before each is made,
          choose a range in words first, such as 28 days.
        </p>
      )}
      {open ? (
        <>
          <ChoiceField
            label="Report"
            name="report"
            value={to}
            options={reports.map(({ name, title: known, parts }) => ({
              value: name,
              label: parts.length < MOST_PARTS ? known : `${known} (full)`,
              disabled: parts.length >= MOST_PARTS,
            }))}
            onChoose={setTo}
          />
          <TextField
            label="Title of the part"
            hint="Empty: what it asks, in words"
            name="title"
            box={{ dir: 'auto', maxLength: LONGEST_TITLE, placeholder: title }}
            value={called}
            onInput={setCalled}
          />
        </>
      ) : (
        <p>There is no report yet that has room: make one, and take this into it.</p>
      )}
    </EditForm>
  );
}
