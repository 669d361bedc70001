/** Steps of this tab's history: where it is, and how to come back to one. */

export interface Place {
  readonly url: URL;
  /** What the browser calls this step; null where it has no Navigation API. */
  readonly key: string | null;
}

const steps = (): Navigation | undefined => window.navigation;

export const place = (): Place => ({ url: new URL(location.href), key: steps()?.currentEntry?.key ?? null });

/** Have the address back that the page is still at. Without the Navigation API nobody knows in which direction it lies:
 * it becomes the step after the one that the browser went to. */
export function comeBack(to: Place): void {
  if (to.key === null) history.pushState(null, '', to.url);
  else go(to.key).catch(() => undefined); // another step came between: that one is looked at by itself
}

/** Go where the browser wanted to go before it came back. */
export async function goOn(to: Place): Promise<void> {
  if (to.key === null) history.back();
  else await go(to.key);
}

async function go(key: string): Promise<void> {
  const { committed, finished } = navigation.traverseTo(key);
  await Promise.all([committed, finished]);
}
