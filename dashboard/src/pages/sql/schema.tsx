/** What there is to select from: views first, each with its columns; choosing a name puts it into the statement. */

import { useState } from 'preact/hooks';
import type { Answer } from '../../api/query.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import type { Relation } from './statement.ts';

interface Props {
  readonly answer: Answer<Relation[]>;
  readonly onInsert: (name: string, event: MouseEvent) => void;
}

export function Schema({ answer, onInsert }: Props) {
  const [search, setSearch] = useState('');
  const wanted = ({ name, description, columns }: Relation) =>
    `${name} ${description} ${columns.map((column) => column.name).join(' ')}`
      .toLowerCase()
      .includes(search.trim().toLowerCase());
  return (
    <Panel title="What there is" busy={answer.loading} class="sql-schema">
      <SearchField prompt="Search tables and columns" value={search} onInput={setSearch} />
      <Loaded answer={answer}>
        {(relations) => {
          const found = relations.filter(wanted);
          if (found.length === 0) return <p class="muted">No table and no column is called that.</p>;
          return (
            <div class="sql-relations" tabIndex={0} role="group" aria-label="Tables and views">
              {found.map(({ name, kind, description, columns }) => (
                <details key={name}>
                  <summary>
                    <code>{name}</code> <span class="tag">{kind}</span>
                  </summary>
                  <p class="form-hint">{description}</p>
                  <button type="button" class="link" onClick={(event) => onInsert(name, event)}>
                    Put {name} into the statement
                  </button>
                  <ul>
                    {columns.map((column) => (
                      <li key={column.name}>
                        <button
                          type="button"
                          class="sql-column"
                          title={column.description}
                          onClick={(event) => onInsert(column.name, event)}
                        >
                          <code>{column.name}</code> <span class="form-hint">{column.type}</span>
                        </button>
                      </li>
                    ))}
                  </ul>
                </details>
              ))}
            </div>
          );
        }}
      </Loaded>
    </Panel>
  );
}
