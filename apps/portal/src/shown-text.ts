/** Characters that a terminal obeys, or that reverse or break a line. No name needs them, and a row may still hold them. */
const CONTROL = String.raw`[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]`;
const CONTROLS = new RegExp(CONTROL, 'gu');
/** Line ends stay, and colours, such as those of the log in development. */
const CONTROLS_OF_LINES = new RegExp(String.raw`(?!\n|\u001b\[\d{1,2}m)${CONTROL}`, 'gu');
const CONTROLS_OF_JSON = new RegExp(String.raw`(?!\n)${CONTROL}`, 'gu');

/** A text on one line of a terminal. */
export function shownText(text: string): string {
  return text.replaceAll(CONTROLS, '\uFFFD');
}

/** A text that may have several lines, such as a stack. */
export function shownLines(text: string): string {
  return text.replaceAll(CONTROLS_OF_LINES, '\uFFFD');
}

/** JSON with every such character escaped, so that it means the same. The remaining line ends belong to the layout. */
export function shownJson(json: string): string {
  return json.replaceAll(CONTROLS_OF_JSON, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
