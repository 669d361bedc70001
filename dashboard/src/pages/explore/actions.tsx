/** What can be done with what is shown: keep it, watch it, ask it by a program. */

import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import type { Ask } from '../../api/client.ts';
import type { ChartInput } from '../../charts/input.ts';
import { DownloadMenu } from '../../downloads/menu.tsx';
import type { Frame, Question } from '../../question/question.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import type { Widget } from '../../widgets/widget.ts';
import { alertAddress } from './alert-address.ts';
import { ReportDialog } from './report-dialog.tsx';
import { RequestDialog } from './request-dialog.tsx';
import { SaveDialog } from './save-dialog.tsx';

interface Props {
  readonly ask: Ask;
  readonly widget: Widget;
  readonly question: Question;
  readonly frame: Frame;
  readonly title: string;
  /** The chart that is seen, for pictures of it. */
  readonly seen: RefObject<ChartInput | null> | undefined;
}

export function Actions({ ask, widget, question, frame, title, seen }: Props) {
  const [open, setOpen] = useState<'save' | 'report' | 'request' | null>(null);
  const page = usePage();
  const alert = alertAddress(question, frame.interval, frame.zone);
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen('save')}>
        Save to a dashboard
      </button>
      {isAdmin(page) && (
        <button type="button" class="button" onClick={() => setOpen('report')}>
          Add to a report
        </button>
      )}
      {alert && (
        <a class="button" href={alert}>
          Make an alert
        </a>
      )}
      <button type="button" class="button" onClick={() => setOpen('request')}>
        Ask by program
      </button>
      <DownloadMenu title={title} question={question} frame={frame} {...(seen ? { seen } : {})} />
      {open === 'save' && (
        <SaveDialog
          question={question}
          as={widget.kind}
          target={widget.target}
          frame={frame}
          title={title}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'report' && <ReportDialog {...{ question, frame, title }} onClose={() => setOpen(null)} />}
      {open === 'request' && <RequestDialog ask={ask} onClose={() => setOpen(null)} />}
    </>
  );
}
