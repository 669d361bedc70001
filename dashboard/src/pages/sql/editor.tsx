/** The SQL editor: CodeMirror with Trino's words, the lake's tables and columns, and the API's faults underlined.
 *
 * It lives in a shadow root: there CodeMirror's styles are constructed sheets, which the site's policy allows, and not
 * style elements, which it refuses. Tab moves the focus on, as everywhere else: Ctrl+] and Ctrl+[ indent. */

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  insertBracket,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { RefObject } from 'preact';
import { useEffect, useImperativeHandle, useRef } from 'preact/hooks';
import { languageOf } from './language.ts';
import { columnIn, type Fault, type Relation } from './statement.ts';

export interface EditorHandle {
  /** Puts a word in where the cursor is, with a space to the word before it; `focus`: and goes on from there. */
  readonly insert: (word: string, focus: boolean) => void;
}

interface Props {
  readonly handle: RefObject<EditorHandle | null>;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onRun: () => void;
  readonly relations: readonly Relation[];
  readonly faults: readonly Fault[];
  /** The label of the text field, for screen readers. */
  readonly label: string;
}

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn)' },
  { tag: [tags.lineComment, tags.blockComment], color: 'var(--ink-soft)', fontStyle: 'italic' },
]);

const LOOK = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--surface)', fontSize: '14px', borderRadius: '8px' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
  '.cm-scroller': {
    fontFamily: "ui-monospace, 'DejaVu Sans Mono', monospace",
    lineHeight: '1.55',
    maxHeight: '50vh',
  },
  '.cm-content, .cm-gutter': { minHeight: '200px' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '10px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-soft)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent) 6%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft)',
  },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--ink)', border: '1px solid var(--line)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--ink)' },
  '.cm-completionDetail': { color: 'var(--ink-soft)' },
});

/** Marks a text that was put in from outside: it is not told back. */
const FROM_OUTSIDE = Annotation.define<true>();

/** Typed over a selection, a browser keeps the look of what was there by a style attribute, which the policy refuses and
 * tells of: so the editor replaces it, and not the browser. */
const TYPED_OVER = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    if (event.inputType !== 'insertText' || event.data === null || event.isComposing) return false;
    if (view.state.selection.main.empty) return false;
    const bracket = insertBracket(view.state, event.data);
    if (bracket) view.dispatch(bracket);
    else view.dispatch(view.state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true });
    return true;
  },
});

export function Editor({ handle, value, onChange, onRun, relations, faults, label }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const language = useRef(new Compartment());
  const latest = useRef({ onChange, onRun });
  latest.current = { onChange, onRun };
  // What was told and has not come back as the value yet. The page is behind who types fast: what it gives back then is
  // older than the text, and put in it would undo letters, and undo them again, for ever.
  const told = useRef<string[]>([]);

  useEffect(() => {
    if (!host.current) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open', delegatesFocus: true });
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: value,
        extensions: [
          keymap.of([
            {
              key: 'Mod-Enter',
              preventDefault: true,
              run: (editor) => {
                closeCompletion(editor); // what was offered would lie over the answer
                latest.current.onRun();
                return true;
              },
            },
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          lineNumbers(),
          history(),
          drawSelection(),
          TYPED_OVER,
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          autocompletion({ icons: false }),
          language.current.of(languageOf(relations)),
          syntaxHighlighting(COLOURS),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.some((one) => one.annotation(FROM_OUTSIDE))) return;
            const text = update.state.doc.toString();
            told.current.push(text);
            latest.current.onChange(text);
          }),
          LOOK,
        ],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
    // The editor keeps its own text; what comes from outside is put in below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [label]);

  useImperativeHandle(
    handle,
    () => ({
      insert: (word, focus) => {
        const editor = view.current;
        if (!editor) return;
        const { from } = editor.state.selection.main;
        const before = editor.state.sliceDoc(Math.max(0, from - 1), from);
        const text = /^$|[\s(.]/.test(before) ? word : ` ${word}`;
        editor.dispatch({ ...editor.state.replaceSelection(text), userEvent: 'input', scrollIntoView: true });
        if (focus) editor.focus();
      },
    }),
    [],
  );

  useEffect(() => {
    const editor = view.current;
    const own = told.current.lastIndexOf(value);
    told.current = told.current.slice(own + 1);
    if (own >= 0 || !editor || editor.state.doc.toString() === value) return;
    told.current = [];
    const changes = { from: 0, to: editor.state.doc.length, insert: value };
    editor.dispatch({ changes, annotations: FROM_OUTSIDE.of(true) });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(languageOf(relations)) });
  }, [relations]);

  useEffect(() => {
    const state = view.current?.state;
    if (state) view.current?.dispatch(setDiagnostics(state, diagnostics(state, faults)));
  }, [faults]);

  return <div class="sql-editor" ref={host} data-faults={faults.length} />;
}

/** Each fault under the word at which it is; under all of the text where the API does not say where. */
function diagnostics(state: EditorState, faults: readonly Fault[]): Diagnostic[] {
  return faults.map(({ detail, line, column }) => {
    const { from, to } = place(state, line, column);
    return { from, to, severity: 'error', message: detail };
  });
}

function place(state: EditorState, line: number | null, column: number | null): { from: number; to: number } {
  if (line === null || line < 1 || line > state.doc.lines) return { from: 0, to: state.doc.length };
  const at = state.doc.line(line);
  const from = at.from + columnIn(at.text, column ?? 1);
  const word = state.wordAt(from);
  return { from, to: word ? word.to : Math.min(at.to, from + 1) };
}
