import type { ApolloDriverConfig } from '@nestjs/apollo';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { LIMITS } from '#kernel';

/**
 * Documents that were parsed and validated, those used last. Bounded by their tokens, of which each takes 200 to 400
 * bytes of memory: 40 MB at most. Apollo Server's own store counts them as JSON, a half to a fifth of what they take.
 */
export function keptDocuments(): NonNullable<ApolloDriverConfig['documentStore']> {
  const kept = new LRUCache<string, DocumentNode>({
    maxSize: LIMITS.keptTokens,
    sizeCalculation: ({ tokenCount }) => tokenCount ?? LIMITS.tokens,
  });
  return {
    get: async (hash) => kept.get(hash),
    set: async (hash, document) => void kept.set(hash, document),
    delete: async (hash) => kept.delete(hash),
  };
}
