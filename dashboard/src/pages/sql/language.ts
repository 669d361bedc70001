/** The language of the editor: Trino's words, and what the lake has, offered where it fits. */

import { type Completion, type CompletionSource, ifNotIn } from '@codemirror/autocomplete';
import { sql, SQLDialect, type SQLNamespace, StandardSQL } from '@codemirror/lang-sql';
import type { Extension } from '@codemirror/state';
import { columnsOffered, type Offered, type Relation } from './statement.ts';

/** Trino's functions that people of this lake use, beside standard SQL. */
const TRINO = SQLDialect.define({
  ...StandardSQL.spec,
  builtin:
    'approx_distinct approx_percentile array_agg array_sort arbitrary avg bool_and bool_or cardinality coalesce concat contains count count_if date_add date_diff date_format date_parse date_trunc day day_of_week element_at filter format_datetime from_iso8601_timestamp greatest hour if json_extract_scalar lag last_value lead least length lower map_agg max max_by min min_by month nullif position rank regexp_extract regexp_like regexp_replace replace round row_number split_part stddev strpos substr sum trim try try_cast upper url_extract_host week year',
  types: 'varchar bigint integer double boolean date timestamp decimal array map row interval',
});

/** What is offered comes in this order, where it fits as well. */
const FIRST_COLUMNS = 10;
const THEN_FUNCTIONS = -1;
const THEN_KEYWORDS = -20;

export function languageOf(relations: readonly Relation[]): Extension {
  const schema: Record<string, SQLNamespace> = {};
  for (const { name, kind, columns } of relations) {
    schema[name] = {
      self: { label: name, type: 'type', detail: kind },
      children: columns.map((column) => ({
        label: column.name,
        type: 'property',
        detail: column.type,
        info: column.description,
      })),
    };
  }
  return [
    sql({ dialect: TRINO, schema, keywordCompletion: wordOffered }),
    TRINO.language.data.of({ autocomplete: columnSource(relations) }),
  ];
}

/** Functions are written small, as in the lake's own statements, and keywords in capitals. */
function wordOffered(label: string, type: string): Completion {
  return type === 'variable'
    ? { label, type: 'function', detail: 'function', boost: THEN_FUNCTIONS }
    : { label: label.toUpperCase(), type, boost: THEN_KEYWORDS };
}

/** Columns by their bare name. The language by itself offers them only after the name of a table and a dot. */
function columnSource(relations: readonly Relation[]): CompletionSource {
  return ifNotIn(['String', 'QuotedIdentifier', 'LineComment', 'BlockComment'], (context) => {
    const word = context.matchBefore(/\.?\w*/);
    if (!word || word.text.startsWith('.') || (word.text === '' && !context.explicit)) return null;
    const offered = columnsOffered(context.state.doc.toString(), relations);
    return { from: word.from, options: offered.map(columnOption), validFor: /^\w*$/ };
  });
}

const columnOption = ({ name, type, description, relation }: Offered): Completion => ({
  label: name,
  type: 'property',
  detail: `${type} of ${relation}`,
  info: description,
  boost: FIRST_COLUMNS,
});
