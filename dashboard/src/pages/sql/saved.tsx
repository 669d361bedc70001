/** Queries that are kept: those that come with Headwater, and people's. */

import { useState } from 'preact/hooks';
import { SAVED_QUERIES } from '../../api/lists.ts';
import { useQuery } from '../../api/query.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { parseSavedList } from './statement.ts';

export function SavedList({ current }: { readonly current: string | null }) {
  const answer = useQuery(SAVED_QUERIES, parseSavedList);
  const [search, setSearch] = useState('');
  return (
    <Panel title="Saved" busy={answer.loading} class="sql-saved">
      <SearchField prompt="Search saved queries" value={search} onInput={setSearch} />
      <Loaded answer={answer}>
        {(all) => {
          const wanted = all.filter(({ name, description }) =>
            `${name} ${description}`.toLowerCase().includes(search.trim().toLowerCase()),
          );
          if (wanted.length === 0) return <p class="muted">None is called or answers that.</p>;
          return (
            <ul class="sql-relations" tabIndex={0} aria-label="Saved queries">
              {wanted.map(({ id, name, shipped }) => (
                <li key={id}>
                  <a href={`/sql/${encodeURIComponent(id)}`} aria-current={id === current ? 'true' : undefined}>
                    <bdi class="cut-lines">{name}</bdi>
                  </a>
                  {!shipped && <span class="tag">own</span>}
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Panel>
  );
}
