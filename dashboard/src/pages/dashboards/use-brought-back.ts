/** A widget that comes back from the explorer: `?edit=1&change=w3&asks=…` opens its form, once. */

import { useEffect, useRef } from 'preact/hooks';
import { useParameters } from '../../state/address.ts';
import type { Widget } from '../../widgets/widget.ts';

/** `open`: with what the explorer asks now; null where the widget stays as it was. A widget that is gone is a new one. */
export function useBroughtBack(
  widgets: readonly Widget[],
  open: (widget: Widget | null, asks: string | null) => void,
): void {
  const [query, setParameters] = useParameters();
  const latest = useRef({ widgets, open });
  latest.current = { widgets, open };
  const id = query.get('change');
  const asks = query.get('asks');
  useEffect(() => {
    if (!id) return;
    const widget = latest.current.widgets.find((one) => one.id === id) ?? null;
    if (widget || asks !== null) latest.current.open(widget, asks);
    setParameters({ change: null, asks: null }, true);
  }, [id, asks, setParameters]);
}
