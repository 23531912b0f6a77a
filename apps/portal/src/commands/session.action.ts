import { DevelopmentIssuer } from '#sessions';
import { TenancyAdministration } from '#tenancy';
import { readConfig } from '../portal.config.js';
import { IssuerElsewhere, NoSessions } from '../portal.errors.js';
import type { Output } from './output.js';
import { withService } from './services.js';

export interface SessionOptions extends Output {
  email: string;
  /** Seconds. */
  ttl: number;
}

/** Prints a token only for a user that it can open a session for. */
export async function printSession({ email, ttl, json }: SessionOptions): Promise<void> {
  const config = readConfig(process.env);
  if (config.isProduction || config.issuer) throw new IssuerElsewhere();
  const user = await withService(TenancyAdministration, (administration) => administration.user(email));
  if (user.kind === 'SERVICE') throw new NoSessions(`${email} is a service account`, `keys create --owner ${email} …`);
  if (!user.isActive) throw new NoSessions(`${email} is not active`, `users activate ${email}`);
  const issuer = await DevelopmentIssuer.open(config.dataDirectory);
  const token = await issuer.token(email, ttl, new Date());
  console.log(json ? JSON.stringify({ token, ttlSeconds: ttl }) : token);
}
