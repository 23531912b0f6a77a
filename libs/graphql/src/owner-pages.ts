import { Input, loaderOf, type Page, type PageArguments, type PageRequest, readPage } from '#kernel';

/**
 * A page of one owner's list. Pages that one request asks for with the same arguments, for any number of owners, are read
 * together.
 * @param name unique to the list, such as `alerts of devices`
 * @param read returns a page for each owner, an empty page where the owner has no rows
 * @throws {InvalidInput} for page arguments out of range, and any error of `read`
 */
export async function pageOfOwner<Node>(
  request: object,
  name: string,
  owner: string,
  { first, after }: PageArguments,
  read: (owners: readonly string[], page: PageRequest) => Promise<ReadonlyMap<string, Page<Node>>>,
): Promise<Page<Node>> {
  const asked = new Input({ first, after }).read(readPage);
  // As JSON, which keeps a missing cursor and the text "null" apart.
  const asArguments = JSON.stringify([asked.size, asked.cursor?.value]);
  const loader = loaderOf(request, `${name} ${asArguments}`, (owners) => read(owners, asked));
  const page = await loader.load(owner);
  if (!page) throw new Error(`The pages of ${name} lack one that was asked for.`);
  return page;
}
