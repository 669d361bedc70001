/** The annotations of a chart as a list: by keyboard, by screen reader, and to change one's own. */

import { useState } from 'preact/hooks';
import { isSame, versionSeen } from '../api/standing.ts';
import { isAdmin, usePage } from '../shell/page.ts';
import { instant, type Locale } from '../time/format.ts';
import { Confirm } from '../ui/confirm.tsx';
import { type Annotation, ANNOTATION_NAMES, parseAnnotation } from './annotation.ts';
import { ANNOTATIONS, pathOf } from './use-annotations.ts';
import './annotations.css';

interface Props {
  readonly annotations: readonly Annotation[];
  readonly locale: Locale;
  readonly onChange: (annotation: Annotation) => void;
}

export function AnnotationList({ annotations, locale, onChange }: Props) {
  const page = usePage();
  const [going, setGoing] = useState<Annotation | null>(null);
  const admin = isAdmin(page);
  const when = ({ at, until }: Annotation) =>
    [at, until].flatMap((one) => (one ? [instant(one, locale, page.now)] : [])).join(' – ');
  return (
    <>
      <ul class="annotations" aria-label="Annotations">
        {annotations.map((one) => (
          <li key={one.id} data-annotation={one.id}>
            <span class="annotation-when">{when(one)}</span>
            <span class="annotation-kind">{ANNOTATION_NAMES[one.kind] ?? one.kind}</span>
            <span class="annotation-title">
              {one.url ? (
                <a href={one.url} target="_blank" rel="noopener noreferrer">
                  <bdi>{one.title}</bdi>
                </a>
              ) : (
                <bdi>{one.title}</bdi>
              )}{' '}
              <span class="muted">{one.fromGithub ? 'GitHub' : one.mine ? 'you' : <bdi>{one.by}</bdi>}</span>
            </span>
            {!one.fromGithub && (one.mine || admin) && (
              <span class="annotation-tools">
                <button type="button" class="link" onClick={() => onChange(one)}>
                  Change<span class="hidden"> {one.title}</span>
                </button>
                <button type="button" class="link" onClick={() => setGoing(one)}>
                  Delete<span class="hidden"> {one.title}</span>
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {going && <Delete annotation={going} onClose={() => setGoing(null)} />}
    </>
  );
}

function Delete({ annotation, onClose }: { readonly annotation: Annotation; readonly onClose: () => void }) {
  const path = pathOf(annotation.id);
  const isAsSeen = (json: unknown) => isSame(parseAnnotation(json), annotation);
  return (
    <Confirm
      title="Delete the annotation?"
      action="Delete it"
      act={async (client) =>
        client.change({ method: 'DELETE', path, ifMatch: await versionSeen(client, path, isAsSeen) })
      }
      changes={[ANNOTATIONS]}
      said="The annotation is deleted"
      onClose={onClose}
    >
      <p>
        “<bdi>{annotation.title}</bdi>” goes from the charts of everybody.
      </p>
    </Confirm>
  );
}
