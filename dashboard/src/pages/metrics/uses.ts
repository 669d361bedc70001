/** What asks for a metric. Pure. */

export interface Use {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

export const USE_NAMES: Readonly<Record<string, string>> = {
  metric: 'Metric',
  dashboard: 'Dashboard',
  alert: 'Alert',
  report: 'Report',
};

/** Where it is on the site; null where it has no page of its own. */
export function placeOf({ kind, id }: Use): string | null {
  const path = encodeURIComponent(id);
  switch (kind) {
    case 'metric':
      return `/metrics/${path}`;
    case 'dashboard':
      return `/dashboards/${path}`;
    case 'alert':
      return `/alerts/${path}`;
    default:
      return null;
  }
}
