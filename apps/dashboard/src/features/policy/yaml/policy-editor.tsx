'use client';

import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { type Diagnostic, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { JsonValue } from '@mcp-acp/shared/json';
import { useEffect, useRef } from 'react';
import { editorLook } from './editor-look.ts';
import { placeProblems, type TextProblem } from './problems-in-text.ts';
import { completionsAt } from './schema-completion.ts';

/** Until what was typed is checked. Milliseconds. */
const checkAfterMs = 350;

export interface PolicyEditorProps {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
  /** Rejects where nothing can be said now. */
  readonly check: (text: string) => Promise<readonly TextProblem[]>;
  readonly schema: JsonValue | undefined;
  /** Values that were seen, by the key they belong to. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** Where the cursor goes: a line, from 1. A new object asks anew. */
  readonly goTo?: { readonly line: number } | undefined;
}

/** The policy as text. Its libraries are large, so it is loaded when it is shown. */
export function PolicyEditor(props: PolicyEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const newest = useRef(props);
  useEffect(() => {
    newest.current = props;
  });

  useEffect(() => {
    if (place.current === null) return;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: newest.current.text,
        extensions: extensionsFor(() => newest.current),
      }),
    });
    view.current = editor;
    return () => {
      view.current = undefined;
      editor.destroy();
    };
  }, []);

  // What another part of the page did to the draft; what was typed here is there already.
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === props.text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: props.text } });
  }, [props.text]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || props.goTo === undefined) return;
    const { from } = editor.state.doc.line(Math.min(Math.max(props.goTo.line, 1), editor.state.doc.lines));
    editor.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
    });
    editor.focus();
  }, [props.goTo]);

  return <div ref={place} className="overflow-hidden rounded-md border border-line" />;
}

function extensionsFor(current: () => PolicyEditorProps) {
  return [
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    highlightSelectionMatches(),
    history(),
    drawSelection(),
    indentUnit.of('  '),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    yaml(),
    editorLook,
    EditorState.tabSize.of(2),
    EditorView.theme({ '.cm-scroller': { minHeight: '22rem', maxHeight: '65vh' } }),
    EditorView.contentAttributes.of({ 'aria-label': current().label, tabindex: '0' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) current().onChange(update.state.doc.toString());
    }),
    autocompletion({ override: [(context) => complete(context, current())], icons: false }),
    linter((editor) => diagnose(editor, current()), { delay: checkAfterMs }),
    lintGutter(),
    keymap.of([
      {
        key: 'Mod-s',
        preventDefault: true,
        run: () => {
          current().onSave();
          return true;
        },
      },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...searchKeymap,
      ...lintKeymap,
      // Tab leaves the editor, as it leaves any field.
      ...defaultKeymap,
    ]),
  ];
}

function complete(context: CompletionContext, { schema, known }: PolicyEditorProps): CompletionResult | null {
  if (schema === undefined) return null;
  const found = completionsAt({ text: context.state.doc.toString(), offset: context.pos }, schema, known);
  if (found === undefined) return null;
  // Unasked it comes once a word is begun, or where only values can follow.
  const isBegun = found.from < context.pos || found.options.every(({ kind }) => kind === 'value');
  if (!context.explicit && !isBegun) return null;
  return {
    from: found.from,
    options: found.options.map(({ label, apply, kind, description }) => ({
      label,
      type: kind === 'key' ? 'property' : 'enum',
      ...(description === undefined ? {} : { info: description }),
      apply: (editor, _completion, from, to) => {
        editor.dispatch({
          changes: { from, to, insert: apply },
          selection: { anchor: from + apply.length },
          userEvent: 'input.complete',
        });
        if (kind === 'key') startCompletion(editor);
      },
    })),
    validFor: /^[\w.*-]*$/,
  };
}

async function diagnose(editor: EditorView, { check }: PolicyEditorProps): Promise<readonly Diagnostic[]> {
  const text = editor.state.doc.toString();
  try {
    return placeProblems(text, await check(text)).map(({ from, to, message }) => ({
      from,
      to,
      message,
      severity: 'error' as const,
    }));
  } catch {
    return [];
  }
}
