export function withCommands(markdown: string): string;
export function shellName(name: string, isList: boolean): string;
