import type { Refusable } from './invalid-input.js';
import { LIMITS } from './limits.js';

/** C0, DEL, C1, bidirectional controls, line separators, byte order mark. No name needs these, and they can mislead a reader. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
const ALL_CONTROLS = new RegExp(CONTROLS, 'gu');
/** The same characters, but a description may have tabs and line breaks. */
const CONTROLS_BUT_LINES =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;
/** White space, characters that Unicode lets a font leave out, and three that look blank: a Braille, a music and a filler sign. */
const INVISIBLE_ONLY = /^[\s\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{16fe4}]+$/u;

export interface TextRule {
  /** Length in code points, after trimming. */
  max: number;
  min?: number;
  lines?: boolean;
  /** Also a text that shows nothing: it is looked for, not kept. */
  blank?: boolean;
}

/** The text, trimmed. Its length is checked; control characters and lone surrogates are refused. */
export function readText(input: Refusable<string>, rule: TextRule): string {
  const trimmed = input.value.trim();
  const length = [...trimmed].length;
  const min = rule.min ?? 1;
  if (!trimmed.isWellFormed()) input.refuse('MALFORMED', 'holds half of a surrogate pair.');
  else if ((rule.lines ? CONTROLS_BUT_LINES : CONTROLS).test(trimmed))
    input.refuse('MALFORMED', 'holds a control character.');
  if (length < min || (!rule.blank && INVISIBLE_ONLY.test(trimmed)))
    input.refuse('TOO_SHORT', 'needs at least one visible character.');
  if (length > rule.max) input.refuse('TOO_LONG', `may have at most ${rule.max} characters, has ${length}.`);
  return trimmed;
}

/** A longer text; null for an empty text. */
export function readDescription(input: Refusable<string>): string | null {
  return readText(input, { max: LIMITS.description, min: 0, lines: true }) || null;
}

/**
 * A text that a stranger sent along, to be kept but never refused: on one line, without control characters, cut to `max` code
 * points.
 */
export function strangersText(text: string, max: number): string {
  const shown = text.toWellFormed().replace(ALL_CONTROLS, ' ').trim();
  if (INVISIBLE_ONLY.test(shown)) return '';
  return Array.from(shown.slice(0, 2 * max))
    .slice(0, max)
    .join('');
}
