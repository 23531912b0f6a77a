import { Injectable } from '@nestjs/common';
import type { Actor } from '#access';
import { type Session, TenantDatabase } from '#database';
import { Conflict, Input } from '#kernel';
import { SessionRequired } from './rotation.errors.js';
import { ApiKeyFormat, hashKey } from '../keys/api-key.format.js';
import type { ApiKeyRow } from '../keys/api-key.reader.js';
import { keepCurrentSecret } from './former-secrets.sql.js';
import { type BeforeCommit, change, expectVersion, requireAllowed } from './key-changes.js';
import type { SystemActor } from '../audit/audit-trail.js';
import { KeyAuthority } from '../keys/key-authority.js';
import { policyForChange } from '../policy/key-policy.reader.js';
import { earlierOf, endOfOverlap } from './rotation.rules.js';
import { lockKey } from '../keys/key-lock.js';
import { isRotating, isSettled, type SecretState } from '../keys/secrets.rules.js';

/** 2^31 - 1: the largest Int of the schema. */
const LONGEST_OVERLAP = 2_147_483_647;
const NEW_SECRET_UNUSED =
  'Nobody has used the new secret of this key yet. If the old secret ends now, every program that uses the key stops. ' +
  'Use `force: true` if this is what you want.';

export interface Rotation {
  /** Left out: the key that makes this request. */
  id?: string | null;
  overlapSeconds: number;
  expectedVersion?: number | null;
}

export interface RotatedKey {
  key: ApiKeyRow;
  secret: string;
}

/** Gives keys a new secret. */
@Injectable()
export class RotationService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly authority: KeyAuthority,
    private readonly format: ApiKeyFormat,
  ) {}

  /**
   * Gives the key a new secret beside the old one, which still opens the key until the overlap ends. While the new secret is
   * unused, a further rotation replaces only the new secret, and never lengthens the overlap.
   * @param check see `BeforeCommit`
   * @throws {SessionRequired} a key names another key, whatever its id
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound}
   * @throws {Conflict} INVALID_STATE, VERSION_MISMATCH; INVALID_STATE also where the old secret makes the request and the new one
   *   is in use
   */
  rotate(by: Actor | SystemActor, input: Input<Rotation>, check?: BeforeCommit<RotatedKey>): Promise<RotatedKey> {
    const id = readRotation(by, input);
    const rotation = input.value;
    return this.database.write(by, async (session) => {
      const rotated = await this.replaceSecret(session, by, id, rotation);
      if (check) await this.database.joining(session, by, () => check(rotated));
      return rotated;
    });
  }

  /**
   * Ends the overlap now. Without an overlap, nothing happens.
   *
   * The row alone shows whether the new secret is in use: its first use, on whatever instance, is committed before that request
   * goes on (`FirstUses`). Uses that instances hold in memory therefore do not matter here.
   * @param isForced end the overlap although nobody has used the new secret
   * @throws {InvalidInput} for an id that is no UUID
   * @throws {NotFound}
   * @throws {Conflict} INVALID_STATE, NEW_SECRET_UNUSED
   */
  complete(by: Actor, id: string, isForced: boolean): Promise<ApiKeyRow> {
    const keyId = Input.argument('id', id).read((input) => input.id());
    return this.database.write(by, async (session) => {
      const key = await lockKey(session, keyId);
      await this.authority.caller(session, by);
      requireAllowed('complete', key);
      const clock = await session.clock();
      if (!isRotating(key, clock)) return key;
      if (!isForced && !isSettled(key, clock)) throw new Conflict('NEW_SECRET_UNUSED', NEW_SECRET_UNUSED);
      return change(session, by, key, 'ROTATION_COMPLETED', { previousExpiresAt: await session.now() });
    });
  }

  private async replaceSecret(
    session: Session,
    by: Actor | SystemActor,
    id: string,
    rotation: Rotation,
  ): Promise<RotatedKey> {
    const { maxRotationOverlapSeconds } = await policyForChange(session, by.tenantId);
    const { key, presented } = await this.keyToRotate(session, by, id);
    requireAllowed('rotate', key);
    expectVersion(key, rotation.expectedVersion);
    const now = await session.now();
    const beginsAnew = isSettled(key, await session.clock());
    if (presented === 'PREVIOUS' && beginsAnew)
      throw new Conflict('INVALID_STATE', 'The new secret of this key is in use: rotate with the new secret.', {
        status: key.status,
      });
    const secret = this.format.mint(by.tenantId);
    const end = endOfOverlap({
      now,
      overlapSeconds: rotation.overlapSeconds,
      maxOverlapSeconds: maxRotationOverlapSeconds,
      expiresAt: key.expiresAt,
    });
    await keepCurrentSecret(session, key.id);
    const previous = beginsAnew
      ? { previousExpiresAt: end, ...previousOf(key), rotationStartedAt: now, newFirstUsedAt: null }
      : { previousExpiresAt: earlierOf(end, key.previousExpiresAt) };
    const { previousExpiresAt, ...unaudited } = previous;
    const members = { keyPrefix: this.format.shownPrefixOf(secret), previousExpiresAt };
    const secretNumber = key.secretNumber + 1;
    const rotated = await change(session, by, key, 'ROTATED', members, {
      ...unaudited,
      keyHash: hashKey(secret),
      secretNumber,
    });
    return { key: rotated, secret };
  }

  private async keyToRotate(
    session: Session,
    by: Actor | SystemActor,
    id: string,
  ): Promise<{ key: ApiKeyRow; presented?: SecretState }> {
    if (by.kind === 'API_KEY') {
      const key = await this.authority.lockOwnKey(session, by);
      return { key, presented: await this.authority.presentedSecret(session, by, key) };
    }
    const key = await lockKey(session, id);
    await this.authority.caller(session, by);
    return { key };
  }
}

/** The id of the key to rotate. */
function readRotation(by: Actor | SystemActor, input: Input<Rotation>): string {
  const { id } = input.value;
  const own = by.kind === 'API_KEY' ? by.apiKeyId : undefined;
  if (own !== undefined && id != null && id.toLowerCase() !== own) throw new SessionRequired();
  const named = id ?? own;
  const at = input.at('id');
  if (named === undefined) at.refuse('REQUIRED', 'a session must name the key.');
  else at.as(named).id();
  input.at('overlapSeconds').wholeNumber({ min: 0, max: LONGEST_OVERLAP });
  input.throwIfRefused();
  return named?.toLowerCase() ?? '';
}

const previousOf = (key: ApiKeyRow) => ({
  previousSecretNumber: key.secretNumber,
  previousKeyPrefix: key.keyPrefix,
  previousLastUsedAt: lastUseOfCurrent(key),
});

/** If the key's last use was by the former secret, only a first use shows whether the current secret has ever been used. */
function lastUseOfCurrent({ lastUsedAt, previousLastUsedAt, newFirstUsedAt }: ApiKeyRow): Date | null {
  const isOfPrevious = lastUsedAt !== null && previousLastUsedAt !== null && lastUsedAt <= previousLastUsedAt;
  return isOfPrevious ? newFirstUsedAt : lastUsedAt;
}
