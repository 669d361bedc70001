/** Every page: its address, and where it stands in the navigation. The code of each is loaded when it is first opened. */

import type { ComponentType } from 'preact';
import { page } from './failed.tsx';

export interface PageRoute {
  readonly path: string;
  readonly component: ComponentType;
}

const Home = page(() => import('../pages/dashboards/home.tsx'));
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

export const ROUTES: readonly PageRoute[] = [
  { path: '/', component: Home },
  { path: '/overview', component: Dashboard },
  { path: '/pipeline', component: Dashboard },
  { path: '/web-traffic', component: Dashboard },
  { path: '/social', component: Dashboard },
  { path: '/seo', component: Dashboard },
  { path: '/adoption', component: Dashboard },
  { path: '/dashboards', component: Dashboards },
  { path: '/dashboards/:id', component: Dashboard },
  { path: '/explore', component: Explore },
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

export const NAVIGATION: readonly NavGroup[] = [
  {
    title: 'Company',
    links: [
      { href: '/overview', label: 'Overview' },
      { href: '/pipeline', label: 'Pipeline' },
      { href: '/web-traffic', label: 'Web traffic' },
      { href: '/social', label: 'Social' },
      { href: '/seo', label: 'Search' },
      { href: '/adoption', label: 'Adoption' },
      { href: '/dashboards', label: 'Dashboards' },
    ],
  },
  {
    title: 'Find out',
    links: [
      { href: '/explore', label: 'Explore' },
      { href: '/sql', label: 'SQL' },
    ],
  },
  {
    title: 'Be told',
    links: [
      { href: '/alerts', label: 'Alerts' },
      { href: '/subscriptions', label: 'Subscriptions' },
      { href: '/reports', label: 'Reports' },
      { href: '/channels', label: 'Channels' },
      { href: '/messages', label: 'Messages' },
    ],
  },
  {
    title: 'Data',
    links: [
      { href: '/metrics', label: 'Metrics' },
      { href: '/sources', label: 'Sources' },
      { href: '/tokens', label: 'Tokens' },
    ],
  },
];
