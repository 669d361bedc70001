/** Rules and incidents: two pages of one kind. */

export function AlertTabs({ current }: { readonly current: 'rules' | 'incidents' }) {
  const at = (name: 'rules' | 'incidents') => (current === name ? 'page' : undefined);
  return (
    <nav class="alerts-tabs" aria-label="Alerts">
      <a href="/alerts" aria-current={at('rules')}>
        Rules
      </a>
      <a href="/alerts/incidents" aria-current={at('incidents')}>
        Incidents
      </a>
    </nav>
  );
}
