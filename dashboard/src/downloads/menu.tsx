/** What one sees, as a file: pictures of the chart as it stands, numbers as the API makes them. */

import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem, type Ask } from '../api/client.ts';
import { useApi } from '../api/query.ts';
import type { ChartInput } from '../charts/input.ts';
import { askOf, type Frame, type Question } from '../question/question.ts';
import { Close, Download } from '../ui/icons.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { useTell } from '../ui/notices.tsx';
import './downloads.css';
import type { PictureForm } from './chart-file.ts';
import { type FileForm, questionFile } from './question-file.ts';
import { saveBlob, saveLink, waitFor } from './save.ts';

interface Props {
  readonly title: string;
  /** What the API makes files of; without it there are pictures only. */
  readonly question?: Question;
  readonly frame?: Frame;
  /** What the page asks beside the question, as it does: `{ compare: … }` of a tile. */
  readonly extra?: Record<string, unknown>;
  /** The chart that is seen (`<ChartPanel seen>`); none, no pictures. */
  readonly seen?: RefObject<ChartInput | null>;
}

const FILES: readonly { readonly form: FileForm; readonly label: string; readonly hint: string }[] = [
  { form: 'csv', label: 'CSV', hint: 'every number' },
  { form: 'xlsx', label: 'Excel', hint: 'with charts' },
  { form: 'pdf', label: 'PDF', hint: 'a report' },
];
const PICTURES: readonly { readonly form: PictureForm; readonly label: string; readonly hint: string }[] = [
  { form: 'png', label: 'PNG', hint: 'a picture' },
  { form: 'svg', label: 'SVG', hint: 'a picture, any size' },
];

export function DownloadMenu({ title, question, frame, extra, seen }: Props) {
  const { client } = useApi();
  const tell = useTell();
  const [busy, setBusy] = useState<AbortController | null>(null);
  const running = useRef<AbortController | null>(null);
  running.current = busy;
  useEffect(() => () => running.current?.abort(), []);

  const make = async (label: string, work: (signal: AbortSignal) => Promise<void>) => {
    const controller = new AbortController();
    setBusy(controller);
    try {
      await work(controller.signal);
    } catch (error) {
      if (controller.signal.aborted) tell(`${label}: not made`);
      else tell(`${label}: ${problemWords(error)}`);
    } finally {
      setBusy(null);
    }
  };
  const file = (asked: Ask, form: FileForm, label: string) =>
    make(label, async (signal) => {
      let told = false;
      const onState = (state: string) => {
        if (!told && state !== 'done') tell(`${label} is being made; it comes by itself`);
        told = true;
      };
      const waiting = { signal, onState, wait: waitFor, key: () => crypto.randomUUID() };
      const made = await questionFile(client, asked, form, waiting);
      if ('blob' in made) saveBlob(made.blob, made.name ?? `headwater.${form}`);
      else saveLink(made.link, made.name);
      tell(`${label} is there`);
    });
  const picture = (form: PictureForm, label: string) =>
    make(label, async () => {
      const input = seen?.current;
      if (!input) throw new ApiProblem(200, 'There is no chart yet', 'Wait until it is drawn.');
      const { chartFile, fileNameOf } = await import('./chart-file.ts');
      saveBlob(await chartFile(title, input, form, new Date()), fileNameOf(title, input, form));
    });

  if (busy)
    return (
      <button
        type="button"
        class="icon-button making"
        onClick={() => busy.abort()}
        aria-label={`Stop making a file of ${title}`}
        title="Stop"
      >
        <Close />
      </button>
    );
  const ask = question && frame ? askOf(question, frame, extra) : null;
  const items: MenuItem[] = [
    ...(seen
      ? PICTURES.map(({ form, label, hint }) => ({ label, hint, onSelect: () => void picture(form, label) }))
      : []),
    ...(ask
      ? FILES.map(({ form, label, hint }) => ({ label, hint, onSelect: () => void file(ask, form, label) }))
      : []),
  ];
  return <Menu label={`Download ${title}`} icon={<Download />} items={items} />;
}

function problemWords(error: unknown): string {
  if (error instanceof ApiProblem)
    return [error.title, error.errors[0]?.detail ?? error.detail].filter(Boolean).join('. ');
  return error instanceof Error ? error.message : String(error);
}
