import { DevelopmentIssuer } from '#sessions';
import { readConfig } from '../portal.config.js';
import { IssuerElsewhere } from '../portal.errors.js';
import type { Output } from './output.js';

export interface SessionOptions extends Output {
  email: string;
  /** Seconds. */
  ttl: number;
}

export async function printSession({ email, ttl, json }: SessionOptions): Promise<void> {
  const config = readConfig(process.env);
  if (config.isProduction || config.issuer) throw new IssuerElsewhere();
  const issuer = await DevelopmentIssuer.open(config.dataDirectory);
  const token = await issuer.token(email, ttl, new Date());
  console.log(json ? JSON.stringify({ token, ttlSeconds: ttl }) : token);
}
