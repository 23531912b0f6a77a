import type { ReactNode } from 'react';

/** A list that scrolls within a dialog, so that the buttons below stay in sight. */
export function ScrollingList({ label, children }: { label: string; children: ReactNode }) {
  // It scrolls, so it takes the keyboard.
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <ul className="impact" aria-label={label} tabIndex={0}>
      {children}
    </ul>
  );
}
