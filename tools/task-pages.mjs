import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Kind, parse, stripIgnoredCharacters } from 'graphql';

/** An operation, with its credential after the language, and the command that was made from it before. */
const OPERATION = /^```graphql( key| none)?\n(.*?)^```\n(?:\n<details>\n.*?^<\/details>\n)?/gms;
/** The types whose values JSON writes without quotation marks. */
const BARE = ['Int', 'Float', 'Boolean'];
/** What each credential is called in the shell; an operation without a word after its language takes a session. */
const CREDENTIALS = { session: 'TOKEN', key: 'KEY', none: undefined };

/**
 * The page with each operation also as a command, folded up below it.
 *
 * @param {string} markdown
 */
export function withCommands(markdown) {
  return markdown.replace(OPERATION, (block, credential = ' session', document) => {
    const operation = block.slice(0, block.indexOf('\n```\n') + '\n```\n'.length);
    const { text, names } = curlOf(document, CREDENTIALS[credential.trim()]);
    return `${operation}
<details>
<summary>With curl</summary>

Set ${listed(names)} in the shell first.

\`\`\`sh
${text}
\`\`\`

</details>
`;
  });
}

/**
 * The name in the shell of a variable of an operation. A list is one item long there.
 *
 * @param {string} name
 * @param {boolean} isList
 */
export function shellName(name, isList) {
  return (isList ? name.replace(/s$/, '') : name).replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function curlOf(document, credential) {
  const [{ variableDefinitions = [] }] = parse(document).definitions;
  const variables = variableDefinitions.map(variableOf);
  const header = credential ? ` --header "authorization: Bearer $${credential}"` : '';
  const values = variables.map(({ name, value }) => `"${name}":${value}`).join(',');
  const text = `curl --silent --show-error --fail-with-body "$URL" \\
  --header 'content-type: application/json'${header} --data @- <<END
{"query":${quoted(oneLine(document))},"variables":{${values}}}
END`;
  return { text, names: ['URL', ...(credential ? [credential] : []), ...variables.map(({ shell }) => shell)] };
}

function variableOf({ variable, type }) {
  const nullable = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  const isList = nullable.kind === Kind.LIST_TYPE;
  const name = variable.name.value;
  const shell = shellName(name, isList);
  const isBare = nullable.kind === Kind.NAMED_TYPE && BARE.includes(nullable.name.value);
  const value = isBare ? `$${shell}` : `"$${shell}"`;
  return { name, shell, value: isList ? `[${value}]` : value };
}

/** @throws where white space has a meaning in the document */
function oneLine(document) {
  const line = document.trim().replace(/\s+/g, ' ');
  if (stripIgnoredCharacters(line) !== stripIgnoredCharacters(document))
    throw new Error(`The document changes on one line: ${document}`);
  return line;
}

/** As JSON, in a here-document, where a shell reads `$`, `` ` `` and `\`. */
function quoted(text) {
  return JSON.stringify(text).replace(/\\(?=[\\$`])|[$`]/g, '\\$&');
}

function listed(names) {
  const words = names.map((name) => `\`${name}\``);
  return words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** @returns {number} the exit code */
function main(root, isCheck) {
  const folder = join(root, 'docs/tasks');
  const pages = readdirSync(folder).map((file) => join(folder, file));
  const stale = pages.filter((page) => {
    const text = readFileSync(page, 'utf8');
    if (withCommands(text) === text) return false;
    if (!isCheck) writeFileSync(page, withCommands(text));
    return isCheck;
  });
  for (const page of stale)
    console.error(`the commands of ${relative(root, page)} are not those of its operations: run "npm run docs"`);
  if (stale.length > 0) return 1;
  console.log(`docs: each operation of ${relative(root, folder)} is there as a command too`);
  return 0;
}

if (import.meta.main) {
  process.exitCode = main(join(import.meta.dirname, '..'), process.argv.includes('--check'));
}
