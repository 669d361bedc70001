/** Charts on a page of their own: `page.html?show=gallery`, `?show=many&charts=60`, `?show=large`. */

import { render } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import '@fontsource-variable/inter';
import '../../src/styles/tokens.css';
import '../../src/styles/page.css';
import '../../src/styles/parts.css';
import './page.css';
import type { ChartInput } from '../../src/charts/input.ts';
import { ChartPanel } from '../../src/charts/panel.tsx';
import { chartFile, fileNameOf } from '../../src/downloads/chart-file.ts';
import { saveBlob } from '../../src/downloads/save.ts';
import { PageContext } from '../../src/shell/page.ts';
import { tableOf } from '../../src/question/table.ts';
import { Panel } from '../../src/ui/panel.tsx';
import { type Show, SHOWN } from './shown.ts';
import { answered, LAST } from './tables.ts';

const query = new URLSearchParams(location.search);
const locale = { language: query.get('language') ?? 'en-GB', zone: 'UTC' };
const theme = query.get('theme') === 'dark' ? 'dark' : 'light';
document.documentElement.dataset.theme = theme;

function One({ title, kind, table: data, marks, thresholds, target }: Show) {
  const [picked, setPicked] = useState('');
  const seen = useRef<ChartInput | null>(null);
  const file = async (form: 'png' | 'svg') => {
    if (seen.current) saveBlob(await chartFile(title, seen.current, form, LAST), fileNameOf(title, seen.current, form));
  };
  const tools = (['png', 'svg'] as const).map((form) => (
    <button key={form} type="button" class="button" onClick={() => void file(form)}>
      {form}
    </button>
  ));
  return (
    <Panel title={title} note={picked} tools={query.has('files') && tools}>
      <ChartPanel
        title={title}
        kind={kind}
        table={data}
        locale={locale}
        marks={marks ?? []}
        thresholds={thresholds ?? []}
        target={target ?? null}
        seen={seen}
        onPick={(from, to) => setPicked(`Picked ${from} to ${to}`)}
      />
    </Panel>
  );
}

/** As an answer of the API that has come: what is made of it counts. */
const LARGE = answered({ buckets: 1096, groups: Array.from({ length: 20 }, (_, index) => `series ${index + 1}`) });

function Large() {
  const [shown, setShown] = useState(false);
  const large = useMemo(() => (shown ? tableOf(LARGE) : null), [shown]);
  return (
    <>
      <button
        type="button"
        id="go"
        onClick={() => {
          performance.mark('click');
          setShown(true);
        }}
      >
        Draw
      </button>
      <button type="button" id="clear" onClick={() => setShown(false)}>
        Clear
      </button>
      {large && <One title="Large" kind={(query.get('kind') ?? 'line') as Show['kind']} table={large} />}
    </>
  );
}

function App() {
  const page = { locale, theme, now: LAST, me: null, online: true } as const;
  const show = query.get('show') ?? 'gallery';
  const many = Array.from(
    { length: Number(query.get('charts') ?? 60) },
    (_, index) => SHOWN[index % SHOWN.length] as Show,
  );
  const only = query.get('only');
  return (
    <PageContext.Provider value={page}>
      <main class="charts-page" data-show={show}>
        <h1 class="hidden">Charts</h1>
        {show === 'large' && <Large />}
        {show === 'many' && many.map((one, index) => <One key={index} {...one} title={`${index + 1} ${one.title}`} />)}
        {show === 'gallery' &&
          SHOWN.filter(({ title }) => !only || title === only).map((one) => <One key={one.title} {...one} />)}
      </main>
    </PageContext.Provider>
  );
}

render(<App />, document.body);
