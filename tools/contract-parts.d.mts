export interface ContractPart {
  name: string;
  sdl: string;
  withoutRole: string[];
}
export function partsOf(additions: string): ContractPart[];
export function withParts(contract: string, parts: ContractPart[]): string;
