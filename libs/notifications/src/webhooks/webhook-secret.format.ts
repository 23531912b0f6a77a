import { randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret: `whsec_` and 32 random bytes in base64. */
export const mintSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');
