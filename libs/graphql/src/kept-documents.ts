import type { ApolloDriverConfig } from '@nestjs/apollo';
import { type DocumentNode, visit } from 'graphql';
import { LRUCache } from 'lru-cache';
import { LIMITS } from '#kernel';

/** Memory of one token: its nodes (130 to 370 bytes as measured), and the walks and sizes stored with the document. */
const BYTES_PER_TOKEN = 512;
/** Memory that every document takes: its entry in the store, and the document node. */
const BYTES_PER_DOCUMENT = 1_024;

/** Upper bound on the memory of a document in bytes, once `withoutTokens` has removed its tokens. */
export function memoryOf({ loc, tokenCount = LIMITS.tokens }: DocumentNode): number {
  // Every character takes two bytes if one character of the text lies beyond Latin-1.
  return BYTES_PER_DOCUMENT + tokenCount * BYTES_PER_TOKEN + (loc?.source.body.length ?? 0) * 2;
}

/**
 * Parsed and validated documents, the most recently used ones, bounded by their memory. A document starts in a small area that
 * anybody can fill. `keep` moves it to the area of callers with a credential.
 */
export class KeptDocuments implements NonNullable<ApolloDriverConfig['documentStore']> {
  private readonly kept = storeOf(LIMITS.keptDocuments.bytes);
  private readonly unproven = storeOf(LIMITS.keptDocuments.unprovenBytes);
  /** Keys of documents that no caller with a credential has run yet. */
  private readonly keys = new WeakMap<DocumentNode, string>();

  /** Upper bound on the memory of all documents in bytes. */
  get bytes(): number {
    return this.kept.calculatedSize + this.unproven.calculatedSize;
  }

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.kept.get(key) ?? this.unproven.get(key);
  }

  /** @param document a validated document */
  async set(key: string, document: DocumentNode): Promise<void> {
    this.unproven.set(key, withoutTokens(document));
    this.keys.set(document, key);
  }

  async delete(key: string): Promise<boolean> {
    return [this.kept.delete(key), this.unproven.delete(key)].includes(true);
  }

  /** Records that a caller with a credential may run this document. */
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
 * Removes the tokens. Each node leads to all tokens of its document, including comments, at 100 bytes each: 4 MB for a body of 94
 * kB. A validated document needs no tokens: execution reads locations from `start`, `end` and `source`.
 */
function withoutTokens(document: DocumentNode): DocumentNode {
  return visit(document, {
    enter({ loc }) {
      if (loc) Object.assign(loc, { startToken: undefined, endToken: undefined });
    },
  });
}
