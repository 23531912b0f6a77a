export function compareSchemas(contractSdl: string, schemaSdl: string): { missing: string[]; disagreements: string[] };
