import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Principal } from '#access';
import { type Invalidation, InvalidationChannel } from '#database';
import type { HttpRequest } from '#http';
import { Clock } from '#kernel';
import { RequestAuthenticator } from './request-authenticator.js';
import { WatchedCredential } from './watched-credential.js';

/** Time between two verifications of a credential whose end no report and no timer would announce. */
const PERIOD_MS = 1_000;

/**
 * Watches the credentials of requests that go on after their first answer, such as streams. A credential is verified anew when the
 * invalidation channel reports a change of its key, user or tenant, and when its session ends. It is verified once a second while the
 * channel is in doubt, or if nobody knows in advance when it ends, as of a key, whose expiry also follows from rules.
 */
@Injectable()
export class CredentialWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly watched = new Set<WatchedCredential>();
  private timer: NodeJS.Timeout | undefined;
  /** Verifications that begin at the same moment: equal credentials share one. A later one may have to see a later change. */
  private wave: Map<string, Promise<Principal | null>> | undefined;

  constructor(
    private readonly authenticator: RequestAuthenticator,
    private readonly invalidations: InvalidationChannel,
    private readonly clock: Clock,
  ) {
    invalidations.subscribe((invalidation) => this.note(invalidation));
  }

  /**
   * Begins with a verification: a change between the request's own verification and this call would be missed.
   * @param onEnd called once, with the reason, when the credential is no longer good or its rights have changed
   */
  watch(request: HttpRequest, principal: Principal, onEnd: (reason: unknown) => void): WatchedCredential {
    const credential = new WatchedCredential(principal, {
      verify: () => this.verify(request),
      isProven: () => this.invalidations.isProven(performance.now()),
      now: () => this.clock.now(),
      onEnd,
      onStop: () => this.watched.delete(credential),
    });
    this.watched.add(credential);
    credential.check();
    return credential;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      if (this.watched.size === 0) return;
      const isProven = this.invalidations.isProven(performance.now());
      for (const credential of this.watched) if (!isProven || !credential.knowsItsEnd) credential.check();
    }, PERIOD_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private note(invalidation: Invalidation): void {
    if (invalidation.kind === 'write' || this.watched.size === 0) return;
    if (invalidation.kind === 'all') return this.checkAll();
    const { names } = invalidation;
    for (const credential of this.watched) if (credential.isOf(names)) credential.check();
  }

  private checkAll(): void {
    for (const credential of this.watched) credential.check();
  }

  private verify(request: HttpRequest): Promise<Principal | null> {
    this.wave ??= this.newWave();
    const name = this.authenticator.nameOf(request);
    const known = this.wave.get(name) ?? this.authenticator.verifyAgain(request);
    this.wave.set(name, known);
    return known;
  }

  private newWave(): Map<string, Promise<Principal | null>> {
    queueMicrotask(() => (this.wave = undefined));
    return new Map();
  }
}
