/** Limits on what clients may send. The public contract names each; change one here and nowhere else. */
export const LIMITS = {
  bodyBytes: 100 * 1024,
  tokens: 2_000,
  /** Fields below one another; fragments within one another. */
  depth: 10,
  aliases: 20,
  rootFields: 10,
  directives: 10,
  /** Items of lists in one answer, were every page full. */
  cost: 10_000,
  /** Items that a list which takes no page size counts as. */
  unpagedList: 50,
  /** Fields in one answer, a list's items counted as one. */
  fields: 10_000,
  /** Characters of an alias, and of an operation's name. */
  nameLength: 200,
  /** Memory of all documents that are kept parsed and validated, and of those that nobody with a credential has run. */
  keptDocuments: { bytes: 24 * 1024 * 1024, unprovenBytes: 2 * 1024 * 1024 },
  /** Queries that are compiled: fields and variables of one, each fragment spread out; memory of all. */
  compiled: { fields: 100, bytes: 8 * 1024 * 1024 },
  /** What one answer tells of errors. */
  errors: { count: 100, locations: 10, messageBytes: 1_000, bytes: 100 * 1024 },
  /** What one error tells of an input: problems, characters of all of them, and of one text in them. */
  problems: { count: 100, length: 32 * 1024, textLength: 1_000 },
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
  /** Characters of a cursor. */
  cursor: 2_048,
  idsPerRequest: 100,
  /** A page of violations or of revoked keys lists at most this many; its count is whole. */
  listed: 100,
  /** UTF-8 bytes of one exported configuration. */
  configBackupBytes: 64 * 1024,
  /** Contents of configurations that one answer may show together, each as often as it shows it. */
  configContentBytes: 32 * 1024 * 1024,
  /** `Device.firmwareUpgrades` lists at most this many. */
  firmwareUpgradesListed: 50,
  statementTimeoutMs: 5_000,
  transactionTimeoutMs: 5_000,
  lockTimeoutMs: 2_000,
  connectionTimeoutMs: 2_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  /** Longer than load balancers keep theirs (60 s): a connection ends on their side, never under a request of theirs. */
  keepAliveTimeoutMs: 72_000,
  /**
   * Answers that clients have not read yet. One that nothing is taken of for `stallMs`, or that is not taken whole within
   * `writeMs`, ends with its connection. A larger one than `smallBytes` is refused where its holder has too much waiting.
   */
  answers: {
    stallMs: 20_000,
    writeMs: 60_000,
    smallBytes: 16 * 1024,
    waitingBytes: { key: 64 * 1024 * 1024, address: 64 * 1024 * 1024, all: 192 * 1024 * 1024 },
  },
  /** What is taken from a client that is still sending when its connection closes, so that it finds its answer. */
  closing: { bytes: 8 * 1024 * 1024, ms: 5_000 },
  /** Lines of the log that wait for its output, in bytes; characters of a path in one of them. */
  log: { waitingBytes: 1024 * 1024, path: 256 },
} as const;
