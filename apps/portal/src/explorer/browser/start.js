'use strict';
/**
 * Runs in the browser, as it is. Shows Apollo Sandbox; where that cannot be loaded, the GraphiQL of this server, with
 * the same headers and operations, and says why.
 *
 * @typedef {{ sandbox: string, graphiql: Record<'react' | 'reactDom' | 'graphiql' | 'graphiqlStyle', string>,
 *   document: string, headers: Record<string, string> }} Settings
 * @typedef {{ EmbeddedSandbox: new (options: object) => unknown,
 *   React: { createElement: (type: unknown, props: object) => unknown },
 *   ReactDOM: { createRoot: (element: Element | null) => { render: (node: unknown) => void } },
 *   GraphiQL: unknown }} Libraries what the scripts put on `window`
 * @typedef {{ query: string, variables?: object, operationName?: string | null }} Operation
 * @typedef {{ definitions: readonly { kind: string, operation?: string, name?: { value: string } }[] }} Parsed
 */

const SANDBOX_TIMEOUT_MS = 5_000;
const nonce = document.currentScript?.nonce ?? '';
const endpoint = new URL(location.pathname, location.href).href;
const libraries = /** @type {Libraries} */ (/** @type {unknown} */ (window));
const settings = /** @type {Settings} */ (JSON.parse(document.getElementById('settings')?.textContent ?? '{}'));

/** @param {string} text */
function notice(text) {
  const line = document.getElementById('notice');
  if (line) line.textContent = text;
}

/**
 * @param {HTMLElement} element a script or style sheet
 * @returns {Promise<void>} when it has run
 */
function load(element) {
  return new Promise((loaded, failed) => {
    element.nonce = nonce;
    element.addEventListener('load', () => loaded());
    element.addEventListener('error', () => failed(new Error('not loaded')));
    document.head.append(element);
  });
}

/** @param {string} src */
const loadScript = (src) => load(Object.assign(document.createElement('script'), { src }));

/**
 * Leaves out headers without a pasted value, so that the answer says which header is missing.
 * @param {Record<string, string>} headers
 */
function filledIn(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => !/^(Bearer)?\s*$/i.test(value)));
}

async function showSandbox() {
  const tooLong = new Promise((_, failed) => setTimeout(() => failed(new Error('too late')), SANDBOX_TIMEOUT_MS));
  await Promise.race([loadScript(settings.sandbox), tooLong]);
  return new libraries.EmbeddedSandbox({
    target: '#explorer',
    initialEndpoint: endpoint,
    endpointIsEditable: false,
    initialState: { document: settings.document, headers: settings.headers, pollForSchemaUpdates: false },
    // As in `answerTo`.
    sendOperationHeadersInIntrospection: false,
    runTelemetry: false,
    // The policy of the page admits no styles but its own.
    allowDynamicStyles: false,
    /** @param {string} url @param {{ headers: Record<string, string> }} options */
    handleRequest: (url, options) => fetch(url, { ...options, headers: filledIn(options.headers) }),
  });
}

/**
 * @param {Operation} operation
 * @param {{ headers?: Record<string, string>, documentAST?: Parsed }} [options]
 */
async function answerTo(operation, { headers = {}, documentAST } = {}) {
  // The schema is public here: a wrong key must not hide it.
  const isIntrospection = operation.operationName === 'IntrospectionQuery';
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(isIntrospection ? {} : filledIn(headers)),
      ...(isSubscription(operation, documentAST) ? { accept: 'text/event-stream' } : {}),
    },
    body: JSON.stringify(operation),
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  return isStream && response.body ? resultsIn(response.body) : response.json();
}

/**
 * @param {Operation} operation
 * @param {Parsed} [document]
 */
function isSubscription({ operationName }, document) {
  return document?.definitions.some(
    ({ operation, name }) => operation === 'subscription' && (!operationName || name?.value === operationName),
  );
}

/**
 * The results of an event stream as they come. Not a generator, which could not be stopped while it waits.
 * @param {ReadableStream<Uint8Array>} body
 */
function resultsIn(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  /** @type {unknown[]} */
  const results = [];
  let rest = '';
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (results.length === 0) {
        const { done, value } = await reader.read();
        if (done) return { done: true, value: undefined };
        const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = /^data: (.+)$/m.exec(block)?.[1];
          if (data !== undefined) results.push(JSON.parse(data));
        }
      }
      return { done: false, value: results.shift() };
    },
    async return() {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

/** Where Tab belongs to an editor, Escape gives the next Tab back to the page, so that a keyboard can leave. */
function letTabLeave() {
  let isLeaving = false;
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    const isInEditor = event.target instanceof Element && event.target.closest('.CodeMirror') !== null;
    if (event.key === 'Tab' && isLeaving) event.stopPropagation();
    if (event.key !== 'Shift') isLeaving = isInEditor && event.key === 'Escape';
  };
  // Before the editor, which listens at its own text area.
  document.addEventListener('keydown', onKey, { capture: true });
}

/** The editors' text areas have no names; the sections around them do. */
function nameEditors() {
  for (const field of document.querySelectorAll('.CodeMirror textarea:not([aria-label])')) {
    const section = field.closest('[aria-label]')?.getAttribute('aria-label') ?? 'Editor';
    field.setAttribute(
      'aria-label',
      field.hasAttribute('readonly') ? section : `${section}. Escape, then Tab, leaves it.`,
    );
  }
}

async function showGraphiql() {
  const { react, reactDom, graphiql, graphiqlStyle } = settings.graphiql;
  // GraphiQL's menus add a style of their own, and look here for the nonce that allows it.
  Object.assign(window, { __webpack_nonce__: nonce });
  await load(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: graphiqlStyle }));
  for (const script of [react, reactDom, graphiql]) await loadScript(script);
  letTabLeave();
  const explorer = document.getElementById('explorer');
  if (explorer) new MutationObserver(nameEditors).observe(explorer, { childList: true, subtree: true });
  const root = libraries.ReactDOM.createRoot(explorer);
  root.render(
    libraries.React.createElement(libraries.GraphiQL, {
      fetcher: answerTo,
      defaultQuery: settings.document,
      defaultHeaders: JSON.stringify(settings.headers, null, 2),
      defaultEditorToolsVisibility: 'headers',
      // GraphiQL's history holds headers, whatever its settings say. This history ends with the tab.
      storage: sessionStorage,
    }),
  );
  const { origin } = new URL(settings.sandbox);
  notice(
    `Apollo Sandbox could not be loaded from ${origin}; this is GraphiQL, served by this server. Escape, then Tab, leaves an editor.`,
  );
}

showSandbox().then(() => notice(''), showGraphiql);
