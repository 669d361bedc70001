/** A dashboard: the pages that come with Headwater, and people's own. */

import { useLocation, useRoute } from 'preact-iso';
import { useQuery } from '../../api/query.ts';
import { useFrame } from '../../state/address.ts';
import { FrameBar } from '../../ui/frame-bar.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { WidgetView } from '../../widgets/widget-view.tsx';
import { type DashboardData, parseDashboard } from './dashboard.ts';
import './dashboard.css';

export default function Dashboard() {
  const { path } = useLocation();
  const { params } = useRoute();
  const id = params.id ?? (path === '/' ? 'overview' : path.slice(1));
  const answer = useQuery(`/v1/dashboards/${encodeURIComponent(id)}`, parseDashboard);
  return (
    <main id="content" tabIndex={-1}>
      <Loaded answer={answer}>{(dashboard) => <Board key={dashboard.id} dashboard={dashboard} />}</Loaded>
    </main>
  );
}

function Board({ dashboard }: { readonly dashboard: DashboardData }) {
  const framing = useFrame(dashboard);
  return (
    <>
      <PageHead title={dashboard.name} note={dashboard.description} />
      <FrameBar framing={framing} />
      <div class="board-box">
        <div class="board">
          {dashboard.widgets.map((widget) => (
            <div key={widget.id} class={`board-cell w${widget.width} h${widget.height} kind-${widget.kind}`}>
              <WidgetView widget={widget} frame={framing.frame} />
            </div>
          ))}
        </div>
      </div>
    </>
  );
}
