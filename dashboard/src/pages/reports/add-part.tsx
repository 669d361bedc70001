/** Where a new part comes from: a widget of a dashboard, numbers of the explorer, or a saved query. */

import { useState } from 'preact/hooks';
import type { Json } from '../../api/json.ts';
import { SAVED_QUERIES } from '../../api/lists.ts';
import { useQuery } from '../../api/query.ts';
import { usePage } from '../../shell/page.ts';
import { Combobox } from '../../ui/combobox.tsx';
import { TextField } from '../../ui/fields.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { questionOfAddress } from '../explore/address-question.ts';
import { parseSavedList } from '../sql/statement.ts';
import { FromDashboard } from './from-dashboard.tsx';
import { type Known, partOfQuery } from './parts.ts';
import { firstValues } from './saved-values.ts';

interface Props {
  readonly known: Known;
  readonly onAdd: (parts: readonly Json[]) => void;
}

const FROM = [
  { value: 'dashboard', label: 'A dashboard' },
  { value: 'explore', label: 'Explore' },
  { value: 'saved', label: 'A saved query' },
] as const;

export function AddPart(props: Props) {
  const [from, setFrom] = useState<(typeof FROM)[number]['value']>('dashboard');
  return (
    <div class="report-add" role="group" aria-label="Add parts">
      <div class="report-from">
        <span class="form-label" aria-hidden="true">
          Add from
        </span>
        <Segmented label="Add from" options={FROM} value={from} onChange={setFrom} />
      </div>
      {from === 'dashboard' && <FromDashboard {...props} />}
      {from === 'explore' && <FromExplore {...props} />}
      {from === 'saved' && <FromSaved {...props} />}
    </div>
  );
}

function FromExplore({ known, onAdd }: Props) {
  const { locale } = usePage();
  const [title, setTitle] = useState('');
  const [address, setAddress] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const add = () => {
    const query = questionOfAddress(address, location.origin, locale.zone);
    setWrong(typeof query === 'string' ? query : null);
    if (typeof query === 'string') return;
    const part = partOfQuery(query, known.metrics);
    onAdd([title.trim() ? { ...part, title: title.trim() } : part]);
    setTitle('');
    setAddress('');
  };
  return (
    <>
      <p class="note">
        What you look at in <a href="/explore">Explore</a> has “Add to a report” above it. Its address may be pasted
        here, too.
      </p>
      <div class="form-row">
        <TextField
          label="Address of the numbers in Explore"
          hint="Give it a range in words, such as 28 days: it is then about the days before it is made."
          name="address"
          problem={wrong}
          value={address}
          onInput={setAddress}
        />
        <TextField
          label="Title of a new part"
          hint="Empty: what it asks, in words."
          name="part-title"
          value={title}
          onInput={setTitle}
        />
      </div>
      <div>
        <button type="button" class="button" onClick={add}>
          Add the part
        </button>
      </div>
    </>
  );
}

function FromSaved({ onAdd }: Props) {
  const saved = useQuery(SAVED_QUERIES, parseSavedList).data ?? [];
  const add = (id: string) => {
    const query = saved.find((one) => one.id === id);
    if (!query) return;
    const values = query.marks.length > 0 ? { parameters: firstValues(query) } : {};
    onAdd([{ title: query.name, saved_query: id, ...values }]);
  };
  return (
    <Combobox
      label="A saved query"
      shown=""
      prompt="Choose a saved query"
      choices={saved.map(({ id, name, marks }) => ({ value: id, label: name, hint: [...new Set(marks)].join(', ') }))}
      nothing="No saved query is called that."
      onChoose={add}
    />
  );
}
