import type { Mutant } from './mutants.ts';

const GRAPHQL = 'libs/graphql/src';
const SIZE = { file: `${GRAPHQL}/operation-size.ts`, spec: `${GRAPHQL}/operation-size.spec.ts` };
const DOCUMENTS = 'test/e2e/document-rows.spec.ts';

/** Defects in what documents and arguments may be, and in what is said of those that are refused. */
export const DOCUMENT_MUTANTS: readonly Mutant[] = [
  {
    defect: 'an operation may ask for as much as it likes',
    file: 'libs/access/src/operation-gate.plugin.ts',
    from: 'if (exceeded.length > 0)',
    to: 'if (exceeded.length < 0)',
    spec: DOCUMENTS,
    only: 'C9|C11',
  },
  {
    defect: 'a fragment counts for its first spread only',
    ...SIZE,
    from: 'if (known) return known;',
    to: 'if (known) return NOTHING;',
  },
  {
    defect: 'fragments within one another are no depth',
    ...SIZE,
    from: 'depth: Math.max(root.fields, root.fragments),',
    to: 'depth: root.fields,',
  },
  {
    defect: 'pages within pages are added, not multiplied',
    ...SIZE,
    from: 'below.items + below.itemsPerItem * this.lists.pageSize(definition, node)',
    to: 'below.items + below.itemsPerItem + this.lists.pageSize(definition, node)',
  },
  {
    defect: 'a page size by a variable is not looked at',
    file: `${GRAPHQL}/list-arguments.ts`,
    from: 'if (!this.variables) return LIMITS.pageSize.max;',
    to: 'if (!this.variables) return undefined;',
    spec: DOCUMENTS,
    only: 'the cost of pages',
  },
  {
    defect: 'too many tokens are an error of syntax',
    file: `${GRAPHQL}/format-error.ts`,
    from: 'if (isTokenLimit(error))',
    to: 'if (!error)',
    spec: DOCUMENTS,
    only: 'C17',
  },
  {
    defect: 'errors of variables suggest names of the schema in production',
    file: `${GRAPHQL}/format-error.ts`,
    from: 'return hidesSchema ?',
    to: 'return !hidesSchema ?',
    spec: DOCUMENTS,
    only: 'C30',
  },
  {
    defect: 'the words of an exhausted stack are passed on',
    file: `${GRAPHQL}/format-error.ts`,
    from: 'if (isStackOverflow(error)) return TOO_NESTED;',
    to: '',
    spec: DOCUMENTS,
    only: 'C12',
  },
  {
    defect: 'an error quotes as much as was sent',
    file: `${GRAPHQL}/bounded-errors.ts`,
    from: 'if (encoded.length <= messageBytes)',
    to: 'if (encoded.length > 0)',
    spec: DOCUMENTS,
    only: 'C23',
  },
  {
    defect: 'documents are kept for ever',
    file: `${GRAPHQL}/kept-documents.ts`,
    from: 'new LRUCache({ maxSize, sizeCalculation: memoryOf })',
    to: 'new LRUCache({ maxSize: maxSize * 1_000, sizeCalculation: memoryOf })',
    spec: `${GRAPHQL}/kept-documents.spec.ts`,
  },
  {
    defect: 'a failed parse is 400 for clients of the older media type',
    file: `${GRAPHQL}/response.plugin.ts`,
    from: 'REQUEST_FAILURES.has(String(code))',
    to: '!REQUEST_FAILURES.has(String(code))',
    spec: 'test/e2e/graphql-over-http.spec.ts',
    only: '572B|FDE2|7B9B',
  },
  {
    defect: 'an id without dashes is an id',
    file: 'libs/kernel/src/ids.ts',
    from: 'return UUID.test(text);',
    to: `return UUID.test(text) || /^[0-9a-f]{32}$/i.test(text);`,
    spec: 'test/e2e/argument-ids.spec.ts',
    only: 'D35',
  },
  {
    defect: 'a day that there is not is the day after',
    file: 'libs/kernel/src/instant.ts',
    from: 'if (!isInCalendar ||',
    to: 'if (',
    spec: 'test/e2e/argument-rows.spec.ts',
    only: 'D16',
  },
  {
    defect: 'metadata may be as deep as it likes',
    file: 'libs/kernel/src/metadata.ts',
    from: 'measured.isTooDeep = true;',
    to: '',
    spec: 'test/e2e/argument-rows.spec.ts',
    only: 'D28',
  },
];
