export function reportOf(modules: ReadonlyMap<string, { declaration: string }>, doors: readonly string[]): string;
