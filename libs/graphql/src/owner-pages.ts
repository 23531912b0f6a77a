import { type Page, type PageArguments, type PageRequest, readPage } from '#kernel';
import { loaderOf } from './request-loaders.js';

/**
 * A page of one owner's list. Asked for many owners in one request, with the same arguments, it is one read.
 * @param name unique to the list, such as `alerts of devices`
 * @param read gives a page for each owner, an empty one where there is nothing
 * @throws {InvalidInput} for page arguments out of range, and what `read` throws
 */
export async function pageOfOwner<Node>(
  request: object,
  name: string,
  owner: string,
  { first, after }: PageArguments,
  read: (owners: readonly string[], page: PageRequest) => Promise<ReadonlyMap<string, Page<Node>>>,
): Promise<Page<Node>> {
  const asked = readPage({ first, after });
  // As JSON, where no cursor and the text "null" are two things.
  const asArguments = JSON.stringify([asked.size, asked.cursor]);
  const loader = loaderOf(request, `${name} ${asArguments}`, (owners) => read(owners, asked));
  const page = await loader.load(owner);
  if (!page) throw new Error(`The pages of ${name} lack one that was asked for.`);
  return page;
}
