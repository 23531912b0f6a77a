import type { ReactNode } from 'react';
import { Field } from './field.js';

/** A field of several lines. @param isCode what is typed is no sentence, but for example addresses or JSON */
export function TextArea({
  label,
  help,
  wrong = [],
  value,
  change,
  isCode = false,
  rows = 2,
  maxLength,
}: {
  label: string;
  help?: ReactNode;
  wrong?: readonly string[];
  value: string;
  change: (value: string) => void;
  isCode?: boolean;
  rows?: number;
  maxLength?: number;
}) {
  return (
    <Field label={label} help={help} wrong={wrong}>
      {(attributes) => (
        <textarea
          {...attributes}
          className={isCode ? 'code' : undefined}
          spellCheck={isCode ? false : undefined}
          rows={rows}
          maxLength={maxLength}
          value={value}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}
