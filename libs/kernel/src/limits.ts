/** Limits on what clients may send. The public contract names each; change one here and nowhere else. */
export const LIMITS = {
  bodyBytes: 100 * 1024,
  depth: 10,
  aliases: 20,
  rootFields: 10,
  directives: 10,
  tokens: 2_000,
  pageSize: { min: 1, max: 100, default: 20 },
  name: 200,
  description: 2_000,
  scopes: 50,
  expiry: { minSeconds: 60, maxYears: 10 },
  metadata: { bytes: 8 * 1024, depth: 8, keys: 100 },
  cidrs: 50,
  /** Of one key: so many requests within so many seconds. */
  rateLimit: { requests: { min: 1, max: 1_000_000 }, windowSeconds: { min: 1, max: 86_400 } },
  /** Well-formed keys that nobody has, presented from one address. */
  unknownKeys: { requests: 300, windowSeconds: 60 },
  /** What a tenant may set as its own rules. */
  policy: {
    days: { min: 1, max: 3_650 },
    keysPerOwner: { min: 1, max: 10_000 },
    rotationOverlapSeconds: { min: 0, max: 90 * 86_400, default: 7 * 86_400 },
  },
  /** Reports of leaked keys from one address. */
  leakReports: { requests: 20, windowSeconds: 60 },
  idempotencyKey: 200,
  cursor: 512,
  idsPerRequest: 100,
  /** A page of violations or of revoked keys lists at most this many; its count is whole. */
  listed: 100,
  /** UTF-8 bytes of one exported configuration. */
  configBackupBytes: 64 * 1024,
  /** Contents of configurations that one list, or the lists of one page of devices, may show together. */
  configContentBytes: 32 * 1024 * 1024,
  /** `Device.firmwareUpgrades` lists at most this many. */
  firmwareUpgradesListed: 50,
  statementTimeoutMs: 5_000,
  lockTimeoutMs: 2_000,
  connectionTimeoutMs: 2_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
} as const;
