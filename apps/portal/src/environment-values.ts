import { z } from 'zod';
import { isKeyPrefix, KEY_PREFIX, readRedisAddress, REDIS_ADDRESS } from '#api-keys';
import { parseIpNetwork } from '#kernel';
import { readOrigins } from './http/cors.js';
import { readTrustProxy } from './http/trust-proxy.js';

export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
export const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' });
export const trustProxy = z.string().transform((text, context) => {
  const trust = readTrustProxy(text);
  if (trust !== undefined) return trust;
  context.addIssue({
    code: 'custom',
    message: 'must be false, a number of proxies up to 10, or a list of addresses and networks such as 10.0.0.0/8,::1',
  });
  return z.NEVER;
});

export const corsOrigins = z.string().transform((text, context) => {
  const origins = readOrigins(text);
  if (origins) return origins;
  context.addIssue({
    code: 'custom',
    message:
      'must be a list of exact origins such as https://portal.example.com, without a path, a wildcard or a default port',
  });
  return z.NEVER;
});

export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s):// URL' });
export const httpUrls = z
  .string()
  .transform((text) => text.split(',').map((url) => url.trim()))
  .pipe(z.array(z.url({ protocol: /^https?$/, error: 'must be a list of http(s):// URLs' })));

export const networks = z.string().transform((text, context) => {
  const read = text.split(',').map((network) => network.trim());
  if (read.every((network) => parseIpNetwork(network) !== undefined)) return read;
  context.addIssue({ code: 'custom', message: 'must be a list of networks such as 10.0.0.0/8,fd00::/8' });
  return z.NEVER;
});

export const wholeNumber = (max: number) =>
  z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.number().max(max));
export const share = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'must be a number from 0 to 1')
  .transform(Number)
  .pipe(z.number().max(1));

export const keyPrefix = z.string().refine(isKeyPrefix, `must be ${KEY_PREFIX}`);
export const redisAddress = z.string().refine((text) => readRedisAddress(text), `must be ${REDIS_ADDRESS}`);
