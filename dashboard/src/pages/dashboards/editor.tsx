/** A dashboard while it is edited: nothing is kept until it is saved, and nothing is lost until then either. */

import { useLocation } from 'preact-iso';
import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import { useAction } from '../../api/query.ts';
import { useFrame, useParameters } from '../../state/address.ts';
import { viewerZone } from '../../time/zones.ts';
import { FormProblem, problemOf } from '../../ui/form.tsx';
import { FrameBar } from '../../ui/frame-bar.tsx';
import { useTell } from '../../ui/notices.tsx';
import { Announcer, useSay } from '../../ui/say.tsx';
import { useUnsaved } from '../../ui/unsaved.ts';
import type { Widget } from '../../widgets/widget.ts';
import { broughtBack, tripAddress } from '../explore/widget-trip.ts';
import { Conflict } from './conflict.tsx';
import { type Content, contentJson, contentOf, copyName, type DashboardData } from './dashboard.ts';
import { Details } from './details.tsx';
import { begin, freeId, sameContent, step, type Step } from './draft.ts';
import { EditBoard } from './edit-board.tsx';
import { EditHead } from './edit-head.tsx';
import { asProblem, faultsOf, ownFaults } from './faults.ts';
import { dropDraft, keepDraft, readDraft } from './kept-draft.ts';
import { useCopy } from './making.ts';
import { newWidget } from './new-widget.ts';
import { useBroughtBack } from './use-brought-back.ts';
import { WidgetForm } from './widget-form.tsx';

interface Props {
  readonly dashboard: DashboardData;
  readonly etag: string | null;
}

const LIST = '/v1/dashboards';

export function Editor({ dashboard, etag }: Props) {
  const { id } = dashboard;
  const tell = useTell();
  const { route } = useLocation();
  const [, setParameters] = useParameters();
  const [kept] = useState(() => readDraft(sessionStorage, id));
  const [base, setBase] = useState(() => ({ content: contentOf(dashboard), etag: kept?.etag ?? etag }));
  const [draft, dispatch] = useReducer(step, kept?.content ?? contentOf(dashboard), begin);
  const [editing, setEditing] = useState<Widget | 'new' | null>(null);
  const [brought, setBrought] = useState<Widget | null>(null);
  const [sent, setSent] = useState<readonly Widget[]>([]);
  const [savedTag, setSavedTag] = useState<string | null>(null);
  const [words, say] = useSay();
  const { now } = draft;
  const framing = useFrame({ range: now.range, zone: now.zone });
  const dirty = savedTag === null && !sameContent(now, base.content);
  useUnsaved(dirty, null, 'What you changed is not saved. It stays in this tab: come back to go on with it.');

  useEffect(() => {
    if (dirty) keepDraft(sessionStorage, id, { content: now, etag: base.etag });
    else dropDraft(sessionStorage, id);
  }, [dirty, now, base.etag, id]);

  const save = useAction(
    async (client, content: Content, over: string | null) => {
      setSent(content.widgets);
      const path = `${LIST}/${encodeURIComponent(id)}`;
      const reply = await client.change({ method: 'PUT', path, body: contentJson(content), ifMatch: over });
      setBase({ content, etag: reply.etag });
      setSavedTag(reply.etag ?? '');
    },
    [LIST],
  );
  const copy = useCopy();
  const faults = useMemo(() => faultsOf(save.problem, sent), [save.problem, sent]);
  const own = ownFaults(save.problem);
  const act = (given: Step) => dispatch(given);
  const leave = () => setParameters({ edit: null });
  const doneEditing = () => {
    setEditing(null);
    setBrought(null);
  };

  useBroughtBack(now.widgets, (widget, asks) => {
    setEditing(widget ?? 'new');
    setBrought(asks === null ? null : broughtBack(widget ?? newWidget('line', ''), asks));
  });

  // The page goes back to reading once it has what was saved: the old is not shown in between.
  useEffect(() => {
    if (savedTag === null) return;
    const done = () => setParameters({ edit: null }, true);
    if (etag === savedTag) {
      done();
      return;
    }
    const timer = setTimeout(done, 3_000);
    return () => clearTimeout(timer);
  }, [savedTag, etag, setParameters]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
      const key = event.key.toLowerCase();
      if (key === 'z' || key === 'y') {
        event.preventDefault();
        dispatch({ do: key === 'y' || event.shiftKey ? 'redo' : 'undo' });
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  const saveNow = (over = base.etag) =>
    void save.run(now, over).then((done) => {
      if (done) tell('Saved');
      else say('It was not saved.');
    });
  const saveCopy = () =>
    void copy.run({ ...now, name: copyName(now.name) }).then((address) => {
      if (!address) return;
      dropDraft(sessionStorage, id);
      route(address);
    });

  return (
    <>
      <EditHead
        name={now.name}
        draft={draft}
        dirty={dirty}
        busy={save.busy}
        act={act}
        onAdd={() => setEditing('new')}
        onLeave={leave}
        onSave={() => saveNow()}
      />
      {save.problem && save.problem.status !== 412 && <FormProblem problem={own} shown={DETAILS} />}
      <Details
        content={now}
        problemOf={(name) => problemOf(save.problem, name)}
        onChange={(part) => act({ do: 'change', part })}
      />
      <FrameBar framing={framing} />
      {now.widgets.length === 0 ? (
        <div class="panel empty-board">
          <p class="state-title">Nothing is on it yet</p>
          <p class="muted">A widget is one question and how its answer is shown: begin with a number, or with lines.</p>
          <button type="button" class="button primary" onClick={() => setEditing('new')}>
            Add the first widget
          </button>
        </div>
      ) : (
        <EditBoard
          widgets={now.widgets}
          frame={framing.frame}
          faults={faults}
          act={act}
          onEdit={setEditing}
          say={say}
        />
      )}
      {editing && (
        <WidgetForm
          widget={editing === 'new' ? null : editing}
          frame={framing.frame}
          problem={editing === 'new' ? null : asProblem(faults.get(editing.id))}
          brought={brought}
          onClose={doneEditing}
          onDone={(widget) => {
            act(editing === 'new' ? { do: 'add', widget } : { do: 'replace', widget });
            say(editing === 'new' ? 'Added at the end.' : 'Changed.');
            doneEditing();
          }}
          onExplore={(given) => {
            const widget = editing === 'new' ? { ...given, id: freeId(now.widgets) } : given;
            const address = tripAddress(id, widget, framing.frame, viewerZone());
            if (!address) return;
            // The page is left before it is drawn again: what it would keep then is kept now.
            const then = step(draft, { do: editing === 'new' ? 'add' : 'replace', widget }).now;
            keepDraft(sessionStorage, id, { content: then, etag: base.etag });
            route(address);
          }}
        />
      )}
      {save.problem?.status === 412 && (
        <Conflict
          id={id}
          problem={save.problem}
          busy={copy.busy}
          failed={copy.problem}
          onTheirs={(theirs, theirTag) => {
            setBase({ content: theirs, etag: theirTag });
            act({ do: 'take', content: theirs });
            save.forget();
            tell('This is theirs now. Undo brings yours back, to save it over theirs.');
          }}
          onMine={saveNow}
          onCopy={saveCopy}
          onClose={save.forget}
        />
      )}
      <Announcer words={words} />
    </>
  );
}

const DETAILS = ['name', 'description', 'range', 'tz'];

/** In a field, the browser's own undo is meant. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null;
}
