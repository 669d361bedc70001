/** What people keep, each list asked for in full, and in one way by all who need it. */

import { whole } from './whole.ts';

export const RULES = whole('/v1/alerts?limit=500');
export const CHANNEL_LIST = whole('/v1/channels?limit=500');
export const FEEDS = whole('/v1/feeds?limit=500');
export const REPORT_LIST = whole('/v1/reports?limit=200');
export const SAVED_QUERIES = whole('/v1/sql/saved?limit=1000');
export const SUBSCRIPTIONS = whole('/v1/subscriptions?limit=500');
export const TOKENS = whole('/v1/tokens?limit=500');
