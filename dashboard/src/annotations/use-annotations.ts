/** The annotations of a range, asked once for all charts that show it. */

import type { Answer } from '../api/query.ts';
import { useQuery } from '../api/query.ts';
import { type Annotation, parseAnnotations } from './annotation.ts';

export const ANNOTATIONS = '/v1/annotations';
export const pathOf = (id: string) => `${ANNOTATIONS}/${encodeURIComponent(id)}`;

export function useAnnotations(range: { readonly from: Date; readonly to: Date } | null): Answer<Annotation[]> {
  const path =
    range &&
    `${ANNOTATIONS}?${new URLSearchParams({ from: range.from.toISOString(), to: range.to.toISOString() }).toString()}`;
  return useQuery(path, parseAnnotations);
}
