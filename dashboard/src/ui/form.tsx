/** Fields of forms: a label, the control, a hint, and what is wrong, tied together for screen readers. */

import { type ComponentChildren, toChildArray, type VNode } from 'preact';
import { useId } from 'preact/hooks';
import { ApiProblem } from '../api/client.ts';

export interface ControlProps {
  readonly id: string;
  readonly 'aria-invalid': boolean | undefined;
  readonly 'aria-describedby': string | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  /** What is wrong with what was given. */
  readonly problem?: string | null | undefined;
  readonly class?: string;
  readonly children: (control: ControlProps) => ComponentChildren;
}

/** `<Field label="Name">{(control) => <input {...control} name="name" />}</Field>` */
export function Field({ label, hint, problem, class: name, children }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', problem ? `${id}-problem` : ''].filter(Boolean).join(' ');
  return (
    <div class={`form-field ${name ?? ''}`}>
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-invalid': problem ? true : undefined,
        'aria-describedby': described || undefined,
      })}
      {hint && (
        <p class="form-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p class="field-problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: ComponentChildren;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly hint?: string;
  readonly disabled?: boolean;
}

export function Checkbox({ label, checked, onChange, hint, disabled }: ChoiceProps) {
  return (
    <label class="checkbox">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled ?? false}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        {label}
        {hint && <span class="form-hint">{hint}</span>}
      </span>
    </label>
  );
}

/** What the API says of one field: of `name` itself or of a part of it (`question.metrics[0]`). */
export function problemOf(problem: ApiProblem | null, name: string): string | null {
  const said = problem?.errors.filter(
    ({ parameter }) => parameter === name || parameter.startsWith(`${name}.`) || parameter.startsWith(`${name}[`),
  );
  return said && said.length > 0 ? said.map(withSuggestion).join(' ') : null;
}

/** A fault that the page sees by itself, as though the API had said it. */
export function wrongField(parameter: string, detail: string): ApiProblem {
  const error = { parameter, detail, suggestion: null, line: null, column: null };
  return new ApiProblem(422, 'One or more fields are wrong', '', [error]);
}

/** What the API says of fields that this form does not show. */
export function otherProblems(problem: ApiProblem | null, shown: readonly string[]): string[] {
  return (problem?.errors ?? [])
    .filter(({ parameter }) => shown.every((name) => !new RegExp(`^${name}(\\.|\\[|$)`).test(parameter)))
    .map((error) => `${error.parameter}: ${withSuggestion(error)}`);
}

function withSuggestion({ detail, suggestion }: { detail: string; suggestion: string | null }): string {
  return suggestion && !detail.includes(suggestion) ? `${detail} Did you mean “${suggestion}”?` : detail;
}

/** The problem of a form as a whole, over its buttons. */
export function FormProblem({
  problem,
  shown = [],
}: {
  problem: ApiProblem | null;
  readonly shown?: readonly string[];
}) {
  if (!problem) return null;
  const rest = otherProblems(problem, shown);
  return (
    <div class="stale" role="alert">
      <div>
        <p>{problem.detail || problem.title}</p>
        {rest.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </div>
  );
}

export function Buttons({ children }: { readonly children: ComponentChildren }) {
  return <div class="buttons">{toChildArray(children) as VNode[]}</div>;
}
