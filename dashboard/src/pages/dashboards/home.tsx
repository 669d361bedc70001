/** The first page: what somebody has chosen for it, or the company's overview. */

import { usePreferences } from './preferences.ts';
import { DashboardPage } from './dashboard.tsx';

export default function Home() {
  const { data, error } = usePreferences();
  // Who cannot be told what they prefer still gets the overview.
  if (data === null && !error)
    return (
      <main id="content" tabIndex={-1} aria-busy="true">
        <h1 class="hidden">Loading</h1>
      </main>
    );
  return <DashboardPage id={data?.first ?? 'overview'} fallback="overview" />;
}
