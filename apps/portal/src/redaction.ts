const MASK = '[redacted]';

/** Endings of names whose value is a secret, whatever it looks like. */
const NAME = '(?:authorization|api[-_]?key|cookie|passw(?:or)?d|passphrase|pwd|secret|token|private[-_]?key)';
const HEADER = '(?:authorization|api-key|cookie|-token)';
/** A JSON string, including its quotes. */
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
/** A JSON string within a JSON string, where quotes and backslashes are escaped. */
const INNER_STRING = String.raw`\\"(?:[^"\\]|\\[^"\\]|\\\\(?:\\["\\])?)*\\"`;

/** Each pattern with its replacement. A replaced part never ends inside an escape, so JSON stays JSON. */
type Rule = readonly [pattern: RegExp, replacement: string];

/** Secrets by name: members of objects, headers, parameters, settings, at any depth and within texts. */
const NAMED: readonly Rule[] = [
  [new RegExp(`(${NAME}"):(?:${STRING}|-?\\d[^,}\\]]*)`, 'gi'), `$1:"${MASK}"`],
  // As Node lists headers: name, value, name, value. A text followed by a colon is no value.
  [new RegExp(`(${HEADER}"),${STRING}(?!:)`, 'gi'), `$1,"${MASK}"`],
  [/(cookie *[:=] *)[^"\\]+/gi, `$1${MASK}`],
  [
    new RegExp(
      `(${NAME}(?:\\\\+"|')? *[:=] *)(?!\\[redacted)(?:${INNER_STRING}|'[^'"\\\\]*'|(?:\\\\+")?(?:(?:bearer|basic) +)?[^\\s"'\\\\,;&)\\]}]+)`,
      'gi',
    ),
    `$1${MASK}`,
  ],
];
const IS_NAMED = new RegExp(`${NAME}(?:\\\\*"|')? *[:=,]`, 'i');

/** The start of a list or an object under such a name. A pattern cannot find its end. */
const NAMED_WHOLE = new RegExp(`${NAME}":(?=[[{])`, 'gi');
/** The characters that decide where a list or an object ends. */
const PIECE = new RegExp(`${STRING}|[[\\]{}]`, 'g');

/** Goes over the text once and without recursion: a client can nest a value as deep as it likes. */
function withoutNamedWholes(json: string): string {
  let kept = '';
  let from = 0;
  for (const { index, 0: name } of json.matchAll(NAMED_WHOLE)) {
    if (index < from) continue;
    const start = index + name.length;
    kept += `${json.slice(from, start)}"${MASK}"`;
    from = endOfWhole(json, start);
  }
  return kept + json.slice(from);
}

function endOfWhole(json: string, start: number): number {
  const pieces = new RegExp(PIECE);
  pieces.lastIndex = start;
  let depth = 0;
  for (let piece = pieces.exec(json); piece; piece = pieces.exec(json)) {
    if (piece[0] === '[' || piece[0] === '{') depth++;
    else if (piece[0] === ']' || piece[0] === '}') depth--;
    if (depth === 0) return pieces.lastIndex;
  }
  return json.length;
}

/**
 * Secrets by shape, wherever they stand. Each pattern begins with characters that are rare in log lines, so searching costs
 * little. Each is bounded, so that a line made by a client costs no more than its length.
 */
const SHAPED: readonly Rule[] = [
  // A key of any prefix. The first four letters, which a key's visible prefix shows, are kept, to recognise the key.
  [
    /(?<=[a-z0-9]{2,12})(_|%(?:25)*5f)([\w-]{4})(?:[0-9A-Za-z]{45}(?:[0-9A-Za-z]{2})?|[\w-]{39})(?![\w-])/gi,
    `$1$2${MASK}`,
  ],
  [/(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, MASK],
  [/\b(bearer) +[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  // The password of a URL. A database or store URL may contain characters that a correct URL would escape.
  [/((?:postgres(?:ql)?|rediss?|redis\+sentinel):\/\/[^\s:@"\\]*):[^\s"\\]{0,200}@/gi, `$1:${MASK}@`],
  [/(:\/\/[^\s:@/?#"\\]*):[^\s@/?#"\\]+@/g, `$1:${MASK}@`],
  // The SHA-256 of a key.
  [/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g, MASK],
];

/** A letter, digit, `-` or `_` of a key, as it is or escaped for a URL, even several times. */
const SIGN = '(?:[\\w-]|%(?:25)*(?:2d|3\\d|[46][1-9a-f]|[57][0-9a]|5f))';

const hex = (sign: string) => sign.charCodeAt(0).toString(16);

/** Keys of this prefix and pieces of them, in whatever form a path has escaped them. */
function ownKeys(prefix: string): Rule {
  const signs = [...`${prefix}_`].map((sign) => `(?:${sign}|%(?:25)*(?:${hex(sign)}|${hex(sign.toUpperCase())}))`);
  return [new RegExp(`(${signs.join('')}${SIGN}{4})${SIGN}{8,}`, 'gi'), `$1${MASK}`];
}

/**
 * Removes secrets from JSON that is about to leave the process: by their name, or by their shape where no name shows them. The
 * result is still JSON.
 * @param prefix of this application's keys: pieces of such keys are removed, too
 */
export function jsonRedactor(prefix?: string): (json: string) => string {
  const own = prefix ? [ownKeys(prefix)] : [];
  const shaped = [...own, ...SHAPED];
  return (json) => {
    let redacted = json;
    for (const [pattern, replacement] of shaped) redacted = redacted.replace(pattern, replacement);
    if (!IS_NAMED.test(redacted)) return redacted;
    redacted = withoutNamedWholes(redacted);
    for (const [pattern, replacement] of NAMED) redacted = redacted.replace(pattern, replacement);
    return redacted;
  };
}

/** Removes secrets from a text that is no JSON. */
export function redactText(text: string, prefix?: string): string {
  return JSON.parse(jsonRedactor(prefix)(JSON.stringify(text))) as string;
}
