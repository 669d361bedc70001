/** Every page: its address, and where it stands in the navigation. The code of each is loaded when it is first opened. */

import { dashboardPath, OVERVIEW, PREFERENCES } from '../api/paths.ts';
import { type LazyPage, page } from './failed.tsx';

export interface PageRoute {
  readonly path: string;
  readonly component: LazyPage;
  /** What it asks first, for whoever opens the site with it: asked while its code still loads (`ahead.ts`). */
  readonly asks?: (params: Readonly<Record<string, string>>) => readonly FirstAsk[];
}

export interface FirstAsk {
  readonly path: string;
  /** As the page itself will have it. */
  readonly every?: number;
}

const Home = page(() => import('../pages/dashboards/dashboard.tsx').then((module) => ({ default: module.Home })));
const Dashboards = page(() => import('../pages/dashboards/list.tsx'));
const Dashboard = page(() => import('../pages/dashboards/dashboard.tsx'));
const Explore = page(() => import('../pages/explore/explore.tsx'));
const Metrics = page(() => import('../pages/metrics/catalog.tsx'));
const Metric = page(() => import('../pages/metrics/metric.tsx'));
const NewMetric = page(() => import('../pages/metrics/new-metric.tsx'));
const ChangeMetric = page(() => import('../pages/metrics/change-metric.tsx'));
const Sources = page(() => import('../pages/sources/sources.tsx'));
const Subscriptions = page(() => import('../pages/subscriptions/subscriptions.tsx'));
const Subscription = page(() => import('../pages/subscriptions/subscription-page.tsx'));
const Sql = page(() => import('../pages/sql/sql.tsx'));
const Reports = page(() => import('../pages/reports/reports.tsx'));
const Report = page(() => import('../pages/reports/report-page.tsx'));
const Channels = page(() => import('../pages/channels/channels.tsx'));
const Messages = page(() => import('../pages/messages/messages.tsx'));
const Tokens = page(() => import('../pages/tokens/tokens.tsx'));
const Source = page(() => import('../pages/sources/source.tsx'));
const Rules = page(() => import('../pages/alerts/rules.tsx'));
const Incidents = page(() => import('../pages/alerts/incidents-page.tsx'));
const Rule = page(() => import('../pages/alerts/rule-page.tsx'));
const RuleForm = page(() => import('../pages/alerts/form-page.tsx'));

const seeded = (id: string): PageRoute => ({
  path: `/${id}`,
  component: Dashboard,
  asks: () => [{ path: dashboardPath(id) }],
});

export const ROUTES: readonly PageRoute[] = [
  { path: '/', component: Home, asks: () => [{ path: PREFERENCES }, { path: dashboardPath(OVERVIEW) }] },
  seeded(OVERVIEW),
  seeded('pipeline'),
  seeded('web-traffic'),
  seeded('social'),
  seeded('seo'),
  seeded('adoption'),
  { path: '/dashboards', component: Dashboards },
  { path: '/dashboards/:id', component: Dashboard, asks: ({ id = '' }) => [{ path: dashboardPath(id) }] },
  {
    path: '/explore',
    component: Explore,
    asks: () => [{ path: '/v1/metrics', every: Infinity }, { path: '/v1/sources' }],
  },
  { path: '/subscriptions', component: Subscriptions },
  { path: '/subscriptions/:id', component: Subscription },
  { path: '/sql', component: Sql },
  { path: '/sql/:id', component: Sql },
  { path: '/reports', component: Reports },
  { path: '/reports/:name', component: Report },
  { path: '/channels', component: Channels },
  { path: '/messages', component: Messages },
  { path: '/tokens', component: Tokens },
  { path: '/metrics', component: Metrics },
  { path: '/metrics/:name', component: Metric },
  { path: '/metrics/:name/change', component: ChangeMetric },
  { path: '/new-metric', component: NewMetric },
  { path: '/sources', component: Sources },
  { path: '/sources/:name', component: Source },
  { path: '/alerts', component: Rules },
  { path: '/alerts/incidents', component: Incidents },
  { path: '/alerts/new', component: RuleForm },
  { path: '/alerts/:id', component: Rule },
  { path: '/alerts/:id/edit', component: RuleForm },
];

export interface NavLink {
  readonly href: string;
  readonly label: string;
}

export interface NavGroup {
  readonly title: string;
  readonly links: readonly NavLink[];
}

const group = (title: string, links: Readonly<Record<string, string>>): NavGroup => ({
  title,
  links: Object.entries(links).map(([href, label]) => ({ href, label })),
});

export const NAVIGATION: readonly NavGroup[] = [
  group('Company', {
    '/overview': 'Overview',
    '/pipeline': 'Pipeline',
    '/web-traffic': 'Web traffic',
    '/social': 'Social',
    '/seo': 'Search',
    '/adoption': 'Adoption',
    '/dashboards': 'Dashboards',
  }),
  group('Find out', {
    '/explore': 'Explore',
    '/sql': 'SQL',
  }),
  group('Be told', {
    '/alerts': 'Alerts',
    '/subscriptions': 'Subscriptions',
    '/reports': 'Reports',
    '/channels': 'Channels',
    '/messages': 'Messages',
  }),
  group('Data', {
    '/metrics': 'Metrics',
    '/sources': 'Sources',
    '/tokens': 'Tokens',
  }),
];
