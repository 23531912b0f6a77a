import { parse, print, visit } from 'graphql';

/**
 * @typedef {object} ContractPart
 * @property {string} name such as `B`
 * @property {string} sdl extensions of the contract
 * @property {string[]} withoutRole coordinates of fields that lose their role with this part
 */

const HEADING = /^# =+ part (\w+):.*$/m;
const LIST_OF_FIELDS = /^# +(\w+)\.(.+)$/;

/**
 * The parts of the additions to the contract. A part begins with its heading. A comment that begins with "These lose their role"
 * lists fields: a line for each type, such as `#   Query.apiKey, apiKeys`.
 *
 * @param {string} additions
 * @returns {ContractPart[]}
 */
export function partsOf(additions) {
  const [, ...pieces] = additions.split(HEADING);
  return pieces.flatMap((name, index) => {
    const sdl = pieces[index + 1];
    return index % 2 === 0 ? [{ name, sdl, withoutRole: withoutRole(sdl) }] : [];
  });
}

/**
 * The contract with the given parts: their extensions added, and their fields without a role.
 *
 * @param {string} contract
 * @param {ContractPart[]} parts
 */
export function withParts(contract, parts) {
  const open = new Set(parts.flatMap((part) => part.withoutRole));
  let type;
  const opened = visit(parse([contract, ...parts.map(({ sdl }) => sdl)].join('\n')), {
    ObjectTypeDefinition: (node) => void (type = node.name.value),
    ObjectTypeExtension: (node) => void (type = node.name.value),
    FieldDefinition: (node) =>
      open.has(`${type}.${node.name.value}`) ? { ...node, directives: node.directives.map(roleless) } : undefined,
  });
  return print(opened);
}

const roleless = (directive) => (directive.name.value === 'sessionOnly' ? { ...directive, arguments: [] } : directive);

function withoutRole(sdl) {
  const [, list = ''] = sdl.split(/^# These lose their role.*$/m);
  const fields = [];
  for (const line of list.trimStart().split('\n')) {
    const [, type, names] = LIST_OF_FIELDS.exec(line) ?? [];
    if (!type) break;
    fields.push(...names.split(',').map((name) => `${type}.${name.replace(/\(.*/, '').trim()}`));
  }
  return fields;
}
