import type { ApolloDriverConfig } from '@nestjs/apollo';
import { type DocumentNode, visit } from 'graphql';
import { LRUCache } from 'lru-cache';
import { LIMITS } from '#kernel';

/** Memory of one token: its nodes (130 to 370 bytes as measured), and the walks and sizes that hang on the document. */
const BYTES_PER_TOKEN = 512;
/** Memory of any document: its place in the store, and the document node. */
const BYTES_PER_DOCUMENT = 1_024;

/** Bytes of memory that a document takes at most, once `withoutTokens` has taken its tokens out. */
export function memoryOf({ loc, tokenCount = LIMITS.tokens }: DocumentNode): number {
  // A character takes two bytes as soon as one character of the text lies beyond Latin-1.
  return BYTES_PER_DOCUMENT + tokenCount * BYTES_PER_TOKEN + (loc?.source.body.length ?? 0) * 2;
}

/**
 * Documents that were parsed and validated, those used last, bounded by the memory that they take. A document begins in
 * a small place that anybody can fill; `keep` moves it to the place of callers with a credential.
 */
export class KeptDocuments implements NonNullable<ApolloDriverConfig['documentStore']> {
  private readonly kept = storeOf(LIMITS.keptDocuments.bytes);
  private readonly unproven = storeOf(LIMITS.keptDocuments.unprovenBytes);
  /** Keys of documents that nobody with a credential has run yet. */
  private readonly keys = new WeakMap<DocumentNode, string>();

  /** Bytes of memory that all documents take at most. */
  get bytes(): number {
    return this.kept.calculatedSize + this.unproven.calculatedSize;
  }

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.kept.get(key) ?? this.unproven.get(key);
  }

  /** @param document a validated one */
  async set(key: string, document: DocumentNode): Promise<void> {
    this.unproven.set(key, withoutTokens(document));
    this.keys.set(document, key);
  }

  async delete(key: string): Promise<boolean> {
    return [this.kept.delete(key), this.unproven.delete(key)].includes(true);
  }

  /** A caller with a credential may run this document. */
  keep(document: DocumentNode): void {
    const key = this.keys.get(document);
    if (key === undefined) return;
    this.keys.delete(document);
    this.unproven.delete(key);
    this.kept.set(key, document);
  }
}

function storeOf(maxSize: number): LRUCache<string, DocumentNode> {
  return new LRUCache({ maxSize, sizeCalculation: memoryOf });
}

/**
 * Each node leads to all tokens of its document, comments among them, at 100 bytes each: 4 MB of a body of 94 kB.
 * Validated, a document needs none of them; what execution says of a place stands in `start`, `end` and `source`.
 */
function withoutTokens(document: DocumentNode): DocumentNode {
  return visit(document, {
    enter({ loc }) {
      if (loc) Object.assign(loc, { startToken: undefined, endToken: undefined });
    },
  });
}
