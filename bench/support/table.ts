import { type Figures, pairedRatios } from './statistics.js';

/** Prints rows under headings; every column but the first is aligned to the right. */
export function printTable(title: string, headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column)).join(' | ')} |`;
  console.log(`\n${title}\n`);
  console.log(line(headings));
  console.log(`| ${widths.map((width, column) => (column === 0 ? '-' : '-:').padStart(width, '-')).join(' | ')} |`);
  for (const row of rows) console.log(line(row));
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

/** Three digits that count, thousands apart; whole numbers whole. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

/** `median (min–max)` */
export function shownSpread({ median, min, max }: Figures): string {
  return `${shown(median)} (${shown(min)}–${shown(max)})`;
}

/** A figure that is to be reached. */
export interface Bar {
  what: string;
  reached: Figures;
  /** Such as `≥ 0.87`. */
  bar: { at: 'least' | 'most'; value: number };
}

export function printBars(bars: readonly Bar[]): void {
  printTable(
    'What is reached for (median over the rounds; of ratios, those within each round)',
    ['figure', 'reached (min–max)', 'bar', ''],
    bars.map(({ what, reached, bar }) => {
      const isReached = bar.at === 'least' ? reached.median >= bar.value : reached.median <= bar.value;
      const sign = bar.at === 'least' ? '≥' : '≤';
      return [what, shownSpread(reached), `${sign} ${bar.value}`, isReached ? 'reached' : 'SHORT'];
    }),
  );
}

/** A bar of what was measured of two things, round by round. */
export function ratioBar(what: string, over: readonly number[], under: readonly number[], bar: Bar['bar']): Bar {
  return { what, reached: pairedRatios(over, under), bar };
}
