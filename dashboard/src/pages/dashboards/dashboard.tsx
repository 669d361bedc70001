/** A dashboard: the first page, the pages that come with Headwater, and people's own. */

import { useLocation, useRoute } from 'preact-iso';
import { dashboardPath, OVERVIEW } from '../../api/paths.ts';
import { useQuery } from '../../api/query.ts';
import { useParameters } from '../../state/address.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { type DashboardData, parseDashboard } from './dashboard.ts';
import { Editor } from './editor.tsx';
import { usePreferences } from './preferences.ts';
import { mayChange, View } from './view.tsx';
import { usePage } from '../../shell/page.ts';
import { useWall, Wall } from './wall.tsx';
import './dashboard.css';

/** The first page: what somebody has chosen for it, or the company's overview. */
export function Home() {
  const { data, error } = usePreferences();
  // Who cannot be told what they prefer still gets the overview.
  if (data === null && !error)
    return (
      <main id="content" tabIndex={-1} aria-busy="true">
        <h1 class="hidden">Loading</h1>
      </main>
    );
  return <DashboardPage id={data?.first ?? OVERVIEW} fallback={OVERVIEW} />;
}

export default function Dashboard() {
  const { path } = useLocation();
  const { params } = useRoute();
  return <DashboardPage id={params.id ?? path.slice(1)} />;
}

interface Props {
  readonly id: string;
  /** Shown where it is gone. */
  readonly fallback?: string;
}

function DashboardPage({ id: wanted, fallback }: Props) {
  const wall = useWall(wanted);
  const first = useQuery(dashboardPath(wall.id), parseDashboard);
  const gone = first.error?.status === 404 && fallback !== undefined && fallback !== wall.id;
  const second = useQuery(gone ? dashboardPath(fallback) : null, parseDashboard);
  const answer = gone ? second : first;
  return (
    <main id="content" tabIndex={-1}>
      {gone && (
        <p class="stale" role="status">
          The dashboard that you have chosen as your first page is gone: this is the company’s overview.
        </p>
      )}
      <Loaded answer={answer}>
        {(dashboard) =>
          wall.on ? (
            <Wall key={dashboard.id} dashboard={dashboard} wall={wall} />
          ) : (
            <Shown key={dashboard.id} dashboard={dashboard} etag={answer.etag} />
          )
        }
      </Loaded>
    </main>
  );
}

function Shown({ dashboard, etag }: { readonly dashboard: DashboardData; readonly etag: string | null }) {
  const [query] = useParameters();
  const page = usePage();
  return query.get('edit') === '1' && mayChange(dashboard, page) ? (
    <Editor dashboard={dashboard} etag={etag} />
  ) : (
    <View dashboard={dashboard} etag={etag} />
  );
}
