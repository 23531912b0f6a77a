import { Readable } from 'node:stream';
import { linesOf } from './lines.js';

/** @param size bytes of a chunk: lines and characters are cut anywhere */
async function linesIn(bytes: Buffer, size: number): Promise<unknown[]> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  const lines: unknown[] = [];
  for await (const line of linesOf(Readable.from(chunks))) lines.push(line);
  return lines;
}

describe.each([1, 3, 1_000_000])('lines of a file read %d bytes at a time', (size) => {
  it('the lines of a file end at LF alone, and are numbered from 1', async () => {
    const text = 'a\u2028b\u2029c\u0085d\re\n\nlast';
    expect(await linesIn(Buffer.from(text), size)).toEqual([
      { number: 1, text: 'a\u2028b\u2029c\u0085d\re' },
      { number: 2, text: '' },
      { number: 3, text: 'last' },
    ]);
  });

  it('the lines of a file are the same with an LF at the end', async () => {
    expect(await linesIn(Buffer.from('one\ntwo\n'), size)).toEqual([
      { number: 1, text: 'one' },
      { number: 2, text: 'two' },
    ]);
  });

  it.each([
    ['a byte of Latin-1', Buffer.from([0x61, 0xe9])],
    ['half a character', Buffer.from('é').subarray(0, 1)],
    ['a surrogate', Buffer.from([0xed, 0xa0, 0x80])],
    ['UTF-16', Buffer.from('\ufeffa', 'utf16le')],
  ])('a line that holds %s is no text', async (_, bytes) => {
    const lines = await linesIn(Buffer.concat([Buffer.from('before\n'), bytes, Buffer.from('\nafter')]), size);
    expect(lines).toEqual([
      { number: 1, text: 'before' },
      { number: 2, text: { fault: 'is not UTF-8' } },
      { number: 3, text: 'after' },
    ]);
  });
});

it('a line beyond a megabyte is no text, and the next line is read', async () => {
  const text = `${'x'.repeat(1024 * 1024 + 1)}\nnext`;
  expect(await linesIn(Buffer.from(text), 65_536)).toEqual([
    { number: 1, text: { fault: 'is longer than 1048576 bytes' } },
    { number: 2, text: 'next' },
  ]);
});
