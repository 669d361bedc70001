/** Backfills and replays: how far they are, what came of them, and an end to them. */

import { useState } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import { usePage } from '../../shell/page.ts';
import { ago, duration, instant, type Locale, number, relative, span } from '../../time/format.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { isActive, type Job, parseJobs, secondsLeft } from './shapes.ts';
import { JOB_NAMES, JOB_WORDS, progressWords } from './words.ts';

const LOOK_AGAIN_MS = 5_000;
const PATH = '/v1/jobs?limit=500';

interface Props {
  /** Null: of all sources, those at work only. */
  readonly source: string | null;
}

export function JobsPanel({ source }: Props) {
  const [every, setEvery] = useState(LOOK_AGAIN_MS);
  const answer = useQuery(PATH, parseJobs, every);
  const jobs = answer.data?.filter((job) => (source === null ? isActive(job) : job.source === source)) ?? [];
  const wanted = answer.data?.some(isActive) ? LOOK_AGAIN_MS : 12 * LOOK_AGAIN_MS;
  if (answer.data && wanted !== every) setEvery(wanted);
  if (source === null && answer.data && jobs.length === 0) return null; // nothing is at work: nothing to say
  return (
    <Panel
      title={source === null ? 'Under way' : 'Backfills and replays'}
      note="Of one source one after another, beside its live stream, which keeps a part of every budget."
    >
      <Loaded answer={answer}>
        {() =>
          jobs.length === 0 ? (
            <p class="muted">Nothing was asked for lately.</p>
          ) : (
            <ul class="source-jobs">
              {jobs.map((job) => (
                <JobItem key={job.id} job={job} named={source === null} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}

function JobItem({ job, named }: { readonly job: Job; readonly named: boolean }) {
  const { locale, now } = usePage();
  const [asking, setAsking] = useState(false);
  const { word, tone } = JOB_WORDS[job.state];
  const name = JOB_NAMES[job.kind];
  return (
    <li class="source-job" data-job={job.id} data-state={job.state}>
      <div class="source-job-head">
        <p class="source-job-name">
          {name} {named && <bdi>of {job.source.replaceAll('_', ' ')}</bdi>} <Ranges job={job} locale={locale} />
        </p>
        <span class={`badge ${tone}`}>{word}</span>
        {isActive(job) && (
          <button type="button" class="button small" onClick={() => setAsking(true)}>
            Cancel
          </button>
        )}
      </div>
      {isActive(job) && (
        <progress
          class="source-job-progress"
          aria-label={`${name}: how far it is`}
          max={Math.max(1, job.total)}
          {...(job.state === 'queued' ? {} : { value: job.done })}
        />
      )}
      <p class="source-job-facts">
        <span data-field="progress">{progressWords(job, (n) => number(n, locale.language))}</span>
        <span>
          {number(job.rows, locale.language)} {job.rows === 1 ? 'row' : 'rows'}
        </span>
        <Timing job={job} locale={locale} now={now} />
        <span>
          asked for by <bdi class="cut">{job.createdBy || 'nobody by name'}</bdi>,{' '}
          {ago(job.createdAt, now, locale.language)}
        </span>
      </p>
      {job.error && <p class="source-error">{job.error}</p>}
      {job.notes.map((note) => (
        <p key={note} class="form-hint">
          {note}
        </p>
      ))}
      {asking && (
        <Confirm
          title={`Cancel this ${name.toLowerCase()}?`}
          action={`Cancel the ${name.toLowerCase()}`}
          act={(client) => client.change({ method: 'DELETE', path: `/v1/jobs/${encodeURIComponent(job.id)}` })}
          changes={['/v1/jobs']}
          said="It stops before its next commit. What is committed stays."
          onClose={() => setAsking(false)}
        >
          <p>It stops before its next commit. What is committed stays, and can be gone on with by asking again.</p>
        </Confirm>
      )}
    </li>
  );
}

function Ranges({ job, locale }: { readonly job: Job; readonly locale: Locale }) {
  const [first] = job.ranges;
  const last = job.ranges.at(-1);
  const utc = { ...locale, zone: 'UTC' };
  if (!first || !last) return <span class="muted">{job.kind === 'replay' ? 'all that is set aside' : ''}</span>;
  const parts = job.ranges.length > 1 ? `, in ${job.ranges.length} parts` : '';
  return (
    <span class="muted">
      {span(first.from, last.to, utc)} (UTC){parts}
      {job.again ? ', again' : ''}
    </span>
  );
}

function Timing({ job, locale, now }: { readonly job: Job; readonly locale: Locale; readonly now: Date }) {
  const left = secondsLeft(job, now);
  if (left !== null) return <span>about {duration(Math.max(1, left), locale.language)} left</span>;
  if (job.state === 'waiting' && job.retryAt)
    return <span>tried again {relative(job.retryAt, now, locale.language)}</span>;
  if (job.finishedAt && job.startedAt) {
    const spent = (job.finishedAt.getTime() - job.startedAt.getTime()) / 1000;
    return (
      <span>
        ended {instant(job.finishedAt, locale, now)}, after {duration(Math.max(1, spent), locale.language)}
      </span>
    );
  }
  return null;
}
