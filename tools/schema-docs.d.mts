export function undescribed(sdl: string): string[];
export function schemaPage(sdl: string): string;
