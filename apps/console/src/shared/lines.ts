/** The items of a list that was typed in lines, or with spaces or commas between. */
export const linesOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
