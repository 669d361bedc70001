/** A dashboard: the pages that come with Headwater, and people's own. */

import { useLocation, useRoute } from 'preact-iso';
import { useQuery } from '../../api/query.ts';
import { useParameters } from '../../state/address.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { type DashboardData, parseDashboard } from './dashboard.ts';
import { Editor } from './editor.tsx';
import { mayChange, View } from './view.tsx';
import { usePage } from '../../shell/page.ts';
import { useWall, Wall } from './wall.tsx';
import './dashboard.css';

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

export function DashboardPage({ id: wanted, fallback }: Props) {
  const wall = useWall(wanted);
  const first = useQuery(pathOf(wall.id), parseDashboard);
  const gone = first.error?.status === 404 && fallback !== undefined && fallback !== wall.id;
  const second = useQuery(gone ? pathOf(fallback) : null, parseDashboard);
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

const pathOf = (id: string) => `/v1/dashboards/${encodeURIComponent(id)}`;

function Shown({ dashboard, etag }: { readonly dashboard: DashboardData; readonly etag: string | null }) {
  const [query] = useParameters();
  const page = usePage();
  return query.get('edit') === '1' && mayChange(dashboard, page) ? (
    <Editor dashboard={dashboard} etag={etag} />
  ) : (
    <View dashboard={dashboard} etag={etag} />
  );
}
