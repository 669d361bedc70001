/** Said above the explorer while a widget of a dashboard is worked on in it. */

import { backAddress, type Place } from './widget-trip.ts';

interface Props {
  readonly place: Place;
  /** What is asked now, as the address says it. */
  readonly search: string;
}

export function WidgetBar({ place, search }: Props) {
  return (
    <section class="panel explore-widget" aria-label="A widget of a dashboard">
      <p>You work on a widget of a dashboard. Its days and its interval stay the dashboard’s unless it had its own.</p>
      <div class="buttons">
        <a class="button primary" href={backAddress(place, search)}>
          Take it to the dashboard
        </a>
        <a class="button" href={backAddress(place, null)}>
          Leave the widget as it was
        </a>
      </div>
    </section>
  );
}
