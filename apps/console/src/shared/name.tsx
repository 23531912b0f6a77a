/** A name that may break behind the @ of an address, rather than anywhere. */
export function Name({ children: name }: { children: string }) {
  const [before, ...after] = name.split('@');
  if (after.length === 0) return name;
  return (
    <>
      {before}@<wbr />
      {after.join('@')}
    </>
  );
}
