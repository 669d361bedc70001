/** Where the API has dashboards. */

/** The dashboard that opens first for who has chosen none. */
export const OVERVIEW = 'overview';
export const PREFERENCES = '/v1/preferences';

export const dashboardPath = (id: string): string => `/v1/dashboards/${encodeURIComponent(id)}`;
