import { type ReactNode, useId } from 'react';
import type { Failure } from '../api/failure.js';

/** What the portal finds wrong with one member of the input, in words. */
export function problemsOf(failure: Failure | undefined, member: string): string[] {
  const problems = failure?.problems.filter(({ path }) => path[0] === 'input' && path[1] === member) ?? [];
  return problems.map(({ message }) => message);
}

/** True for a failure whose every problem is shown at one of these fields, so that nothing else has to show it. */
export function isAtFields(failure: Failure | undefined, members: readonly string[]): boolean {
  const { problems = [] } = failure ?? {};
  return problems.length > 0 && problems.every(({ path }) => members.some((member) => path[1] === member));
}

/** A field with its name, what it is for, and what is wrong with it. */
export function Field({
  label,
  help,
  wrong = [],
  children,
}: {
  label: string;
  help?: ReactNode;
  wrong?: readonly string[];
  children: (attributes: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-about`, 'aria-invalid': wrong.length > 0 })}
      <div id={`${id}-about`}>
        {help && <p className="help">{help}</p>}
        <Wrong messages={wrong} />
      </div>
    </div>
  );
}

/** What is wrong with a field. A message of the portal continues the name of the field, so here it gets a capital letter. */
export function Wrong({ messages }: { messages: readonly string[] }) {
  return messages.map((message) => (
    <p key={message} className="wrong" role="alert">
      {message.charAt(0).toUpperCase() + message.slice(1)}
    </p>
  ));
}
