/** One source: how it stands, what to do about it, what it had to set aside, and the past that it can be asked for. */

import { useRoute } from 'preact-iso';
import { useQuery } from '../../api/query.ts';
import { parseMetrics, parseSources, type Source } from '../../api/shapes.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { ago, duration, instant, number, relative } from '../../time/format.ts';
import { Loaded, LoadedPage } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { StateBadge } from '../../widgets/sources-list.tsx';
import { BackfillForm } from './backfill-form.tsx';
import { JobsPanel } from './jobs.tsx';
import { Advice } from './advice.tsx';
import { RejectedPanel } from './rejected.tsx';
import { ReplayForm } from './replay-form.tsx';
import { scheduleWords } from './words.ts';
import './sources.css';

const BACK = { href: '/sources', label: 'All sources' };

export default function SourcePage() {
  const { params } = useRoute();
  const answer = useQuery('/v1/sources', parseSources);
  return (
    <main id="content" tabIndex={-1}>
      <LoadedPage answer={answer} title="Source" back={BACK}>
        {(sources) => {
          const source = sources.find(({ name }) => name === params.name);
          return source ? <One key={source.name} source={source} /> : <Unknown name={params.name ?? ''} />;
        }}
      </LoadedPage>
    </main>
  );
}

function Unknown({ name }: { readonly name: string }) {
  return (
    <>
      <PageHead title="No such source" back={BACK} />
      <div class="panel">
        <Empty title="There is no such source">{`None is called “${name.slice(0, 80)}”. Choose one from the list.`}</Empty>
      </div>
    </>
  );
}

function One({ source }: { readonly source: Source }) {
  const page = usePage();
  const admin = isAdmin(page);
  const [query, change] = useParameters();
  const open = query.get('do');
  const close = () => change({ do: null });
  const { backfill, replay } = source.can;
  return (
    <>
      <PageHead
        back={BACK}
        title={source.title}
        note={scheduleWords(source, page.locale.language)}
        actions={
          admin && backfill ? (
            <button type="button" class="button" onClick={() => change({ do: 'backfill' })}>
              Backfill…
            </button>
          ) : null
        }
      />
      <Panel title="How it stands" class="standing" tools={<StateBadge state={source.state} />}>
        <Advice source={source} />
        <Facts source={source} />
      </Panel>
      {admin ? (
        <>
          <RejectedPanel
            source={source.name}
            left={source.rejected}
            tools={
              replay &&
              source.rejected > 0 && (
                <button type="button" class="button" onClick={() => change({ do: 'replay' })}>
                  Replay…
                </button>
              )
            }
          />
          {(backfill || replay) && <JobsPanel source={source.name} />}
        </>
      ) : (
        <Panel title="Records set aside">
          <p>
            {number(source.rejected, page.locale.language)} are set aside. What people have sent is shown to
            administrators, who may replay it and backfill the past: sign in with such a token, or ask one of them.
          </p>
        </Panel>
      )}
      <Metrics source={source} />
      {open === 'backfill' && admin && backfill && <BackfillForm source={source} onClose={close} />}
      {open === 'replay' && admin && replay && <ReplayForm source={source} onClose={close} />}
    </>
  );
}

function Facts({ source }: { readonly source: Source }) {
  const { locale, now } = usePage();
  const { language } = locale;
  const when = (at: Date | null, none: string, words = ago) =>
    at ? (
      <>
        {instant(at, locale, now)} <span class="form-hint">{words(at, now, language)}</span>
      </>
    ) : (
      none
    );
  return (
    <dl class="facts">
      <Fact name="Complete up to" field="watermark">
        {when(source.watermark, 'nothing yet')}
      </Fact>
      <Fact name="Behind now" field="lag">
        {source.lagSeconds === null ? '–' : duration(source.lagSeconds, language)}
      </Fact>
      <Fact name="Last commit" field="commit">
        {when(source.lastCommitAt, 'none')}
      </Fact>
      <Fact name="Last record" field="record">
        {when(source.lastRecordAt, 'none ever')}
      </Fact>
      <Fact name="Next run" field="next">
        {source.nextRunAt && source.nextRunAt <= now ? 'due now' : when(source.nextRunAt, '–', relative)}
      </Fact>
      <Fact name="Records taken in" field="ok">
        {number(source.records.ok, language)}
      </Fact>
      <Fact name="Duplicates left out" field="duplicate">
        {number(source.records.duplicate, language)}
      </Fact>
      <Fact name="Set aside" field="rejected">
        {number(source.rejected, language)}
      </Fact>
      <Fact name="Commits" field="commits">
        {number(source.commits, language)}
      </Fact>
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly field: string;
  readonly children: preact.ComponentChildren;
}

function Fact({ name, field, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-field={field}>{children}</dd>
    </div>
  );
}

/** What is made of this source: so that one knows what is late when it is. */
function Metrics({ source }: { readonly source: Source }) {
  const answer = useQuery('/v1/metrics', parseMetrics);
  return (
    <Panel title="What is made of it" note="Metrics whose numbers come from this source.">
      <Loaded answer={answer}>
        {(metrics) => {
          const own = metrics.filter((metric) => metric.source === source.name);
          if (own.length === 0) return <p class="muted">No metric is.</p>;
          return (
            <ul class="source-metrics">
              {own.map(({ name, title }) => (
                <li key={name}>
                  <a href={`/metrics/${encodeURIComponent(name)}`}>
                    <bdi>{title}</bdi>
                  </a>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Panel>
  );
}
