/** An answer as a table: one function, so that the store knows it again. */

import { parseAnswer } from '../../question/answer.ts';
import { type Table, tableOf } from '../../question/table.ts';

export const parseTable = (json: unknown): Table => tableOf(parseAnswer(json));
