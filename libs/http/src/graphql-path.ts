/** The path of operations. */
export const GRAPHQL_PATH = '/graphql';
