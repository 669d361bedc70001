/** The explorer before anything is chosen: every metric, by what it comes from. */

import type { Metric } from '../../api/shapes.ts';
import { Panel } from '../../ui/panel.tsx';

interface Props {
  readonly metrics: readonly Metric[];
  readonly sources: ReadonlyMap<string, string>;
}

export function Start({ metrics, sources }: Props) {
  const groups = new Map<string, Metric[]>();
  for (const metric of [...metrics].sort((a, b) => Number(b.own) - Number(a.own))) {
    const group = metric.own ? 'Made here' : (sources.get(metric.source) ?? metric.source);
    groups.set(group, [...(groups.get(group) ?? []), metric]);
  }
  return (
    <Panel
      title="Where to begin"
      note={
        <>
          Choose a metric above, or one of these; <a href="/metrics">the catalogue</a> says what each counts. Everything
          you choose is in the address: copy it to share.
        </>
      }
    >
      <div class="explore-start">
        {[...groups].map(([group, of]) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <ul>
              {of.map(({ name, title, description }) => (
                <li key={name}>
                  <a href={`/explore?metrics=${encodeURIComponent(name)}`} title={description}>
                    <bdi class="cut">{title}</bdi>
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Panel>
  );
}
