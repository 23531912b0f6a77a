const MASK = '[redacted]';

/** Ends of names whose value is a secret, whatever it looks like. */
const NAME = '(?:authorization|api[-_]?key|cookie|passw(?:or)?d|passphrase|pwd|secret|token|private[-_]?key)';
const HEADER = '(?:authorization|api-key|cookie|-token)';
/** A string of JSON, quotes included. */
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
/** The same within a string of JSON, where its quotes and backslashes are escaped. */
const INNER_STRING = String.raw`\\"(?:[^"\\]|\\[^"\\]|\\\\(?:\\["\\])?)*\\"`;

/** Each with what stands in place of its match. What is replaced is never half of an escape: JSON stays JSON. */
type Rule = readonly [pattern: RegExp, replacement: string];

/** By name: members of objects, headers, parameters, settings, at any depth and within texts. */
const NAMED: readonly Rule[] = [
  [new RegExp(`(${NAME}"):(?:${STRING}|-?\\d[^,}\\]]*)`, 'gi'), `$1:"${MASK}"`],
  // As Node lists headers: name, value, name, value. What a colon follows is no value.
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

/** Where a list or an object under such a name begins; its end is no matter for a pattern. */
const NAMED_WHOLE = new RegExp(`${NAME}":(?=[[{])`, 'gi');
/** What tells where a list or an object ends. */
const PIECE = new RegExp(`${STRING}|[[\\]{}]`, 'g');

/** Goes over the text once and nests no calls: a value may be as deep as a client likes. */
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
 * By shape, wherever they stand. Each begins with what is rare in a log line, so that looking for it costs little, and
 * is bounded, so that a line which a client brings about costs no more than its length.
 */
const SHAPED: readonly Rule[] = [
  // A key of any prefix; the four letters that a key's visible prefix shows are left, to recognise it by.
  [/(?<=[a-z0-9]{2,12})(_|%(?:25)*5f)([\w-]{4})(?:[0-9A-Za-z]{45}|[\w-]{39})(?![\w-])/gi, `$1$2${MASK}`],
  [/(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, MASK],
  [/\b(bearer) +[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  // The password of a URL; that of a database or a store may hold what a good URL would escape.
  [/((?:postgres(?:ql)?|rediss?):\/\/[^\s:@"\\]*):[^\s"\\]{0,200}@/gi, `$1:${MASK}@`],
  [/(:\/\/[^\s:@/?#"\\]*):[^\s@/?#"\\]+@/g, `$1:${MASK}@`],
  // The SHA-256 of a key.
  [/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g, MASK],
];

/** A letter, digit, `-` or `_` of a key as it is or escaped for a URL, be it several times over. */
const SIGN = '(?:[\\w-]|%(?:25)*(?:2d|3\\d|[46][1-9a-f]|[57][0-9a]|5f))';

const hex = (sign: string) => sign.charCodeAt(0).toString(16);

/** Keys of this prefix and pieces of them, however a path has them escaped. */
function ownKeys(prefix: string): Rule {
  const signs = [...`${prefix}_`].map((sign) => `(?:${sign}|%(?:25)*(?:${hex(sign)}|${hex(sign.toUpperCase())}))`);
  return [new RegExp(`(${signs.join('')}${SIGN}{4})${SIGN}{8,}`, 'gi'), `$1${MASK}`];
}

/**
 * Takes secrets out of JSON that is about to leave the process: by the name that they are told under, and by their
 * shape where no name tells. What comes out is JSON still.
 * @param prefix of this application's keys: of those a piece is taken out, too
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

/** The same of a text that is no JSON. */
export function redactText(text: string, prefix?: string): string {
  return JSON.parse(jsonRedactor(prefix)(JSON.stringify(text))) as string;
}
