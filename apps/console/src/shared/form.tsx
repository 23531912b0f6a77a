import type { ReactNode } from 'react';

/** A form that the page sends by itself. What is wrong is shown at the fields, and not by the browser. */
export function Form({ submit, children }: { submit: () => void; children: ReactNode }) {
  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {children}
    </form>
  );
}
