/** Limits on what clients may send. The public contract names each limit; change a limit only here. */
export const LIMITS = {
  bodyBytes: 100 * 1024,
  tokens: 2_000,
  /** Levels of nested fields, and levels of nested fragments. */
  depth: 10,
  aliases: 20,
  rootFields: 10,
  directives: 10,
  /** List items in one answer if every page were full. */
  cost: 10_000,
  /** Items counted for a list that takes no page size. */
  unpagedList: 50,
  /** Fields in one answer, where the items of a list count as one. */
  fields: 10_000,
  /** Characters of an alias or of an operation's name. */
  nameLength: 200,
  /**
   * Memory for all documents that are kept parsed and validated, and for the part of them that no caller with a credential has
   * run.
   */
  keptDocuments: { bytes: 24 * 1024 * 1024, unprovenBytes: 2 * 1024 * 1024 },
  /** Compiled queries: fields and variables of one query, with each fragment spread out, and memory for all queries. */
  compiled: { fields: 100, bytes: 8 * 1024 * 1024 },
  /** Size of the errors in one answer. */
  errors: { count: 100, locations: 10, messageBytes: 1_000, bytes: 100 * 1024 },
  /** Size of one error about an input: number of problems, characters of all problems, characters of one text in them. */
  problems: { count: 100, length: 32 * 1024, textLength: 1_000 },
  pageSize: { min: 1, max: 100, default: 20 },
  name: 200,
  description: 2_000,
  scopes: 50,
  expiry: { minSeconds: 60, maxYears: 10 },
  metadata: { bytes: 8 * 1024, depth: 8, keys: 100 },
  cidrs: 50,
  /** Rate limit of one key: the number of requests, and the seconds in which they are counted. */
  rateLimit: { requests: { min: 1, max: 1_000_000 }, windowSeconds: { min: 1, max: 86_400 } },
  /** Well-formed but unknown keys, presented from one address. */
  unknownKeys: { requests: 300, windowSeconds: 60 },
  /** Bounds on the rules that a tenant sets for itself. */
  policy: {
    days: { min: 1, max: 3_650 },
    keysPerOwner: { min: 1, max: 10_000 },
    rotationOverlapSeconds: { min: 0, max: 90 * 86_400, default: 7 * 86_400 },
  },
  /** Days in which an administrator may answer a member's request for a key. */
  approvalDays: 7,
  /** Addresses that are kept of each key's uses. */
  recentIps: 10,
  /** Reports of leaked keys from one address, keys in one report, and characters of the place where a key was found. */
  leakReports: { requests: 20, windowSeconds: 60, keys: 100, foundAt: 1_000 },
  /** One request of a secret scanner; `relayMs` is the time that another deployment has for it. */
  secretScanning: { bodyBytes: 1024 * 1024, matches: 1_000, relayMs: 10_000, relayAnswerBytes: 2 * 1024 * 1024 },
  /** A service's request to verify a key of its client. */
  introspection: { bodyBytes: 4 * 1024 },
  /** Webhooks of one tenant. A replay of failed deliveries takes at most `replayed` of them. */
  webhooks: {
    endpoints: 50,
    url: 2_000,
    overlapSeconds: { min: 0, max: 7 * 86_400 },
    replayed: 10_000,
  },
  idempotencyKey: 200,
  /** Characters of a cursor. */
  cursor: 2_048,
  idsPerRequest: 100,
  /** A page of violations or of revoked keys lists at most this many entries; its count covers all entries. */
  listed: 100,
  /** UTF-8 bytes of one exported configuration. */
  configBackupBytes: 64 * 1024,
  /** Contents of configurations in one answer, all together. A content that is shown twice counts twice. */
  configContentBytes: 32 * 1024 * 1024,
  /** `Device.firmwareUpgrades` lists at most this many. */
  firmwareUpgradesListed: 50,
  statementTimeoutMs: 5_000,
  transactionTimeoutMs: 5_000,
  lockTimeoutMs: 2_000,
  connectionTimeoutMs: 2_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  /**
   * Longer than load balancers keep idle connections (60 s): the load balancer closes the connection, never we while it sends a
   * request.
   */
  keepAliveTimeoutMs: 72_000,
  /**
   * Answers that clients have not read yet. A connection is closed when the client reads nothing for `stallMs`, or has not read
   * the whole answer within `writeMs`. An answer larger than `smallBytes` is refused when its caller already has too much unread
   * data.
   */
  answers: {
    stallMs: 20_000,
    writeMs: 60_000,
    smallBytes: 16 * 1024,
    waitingBytes: { key: 64 * 1024 * 1024, address: 64 * 1024 * 1024, all: 192 * 1024 * 1024 },
  },
  /**
   * Event streams. A principal has `perPrincipal` of them at most in one process, and one process has `perInstance`. Bytes that the
   * client has not read wait up to `unreadBytes`.
   */
  streams: {
    perPrincipal: 10,
    perInstance: 2_000,
    unreadBytes: 64 * 1024,
    heartbeatMs: 12_000,
    reconnectMs: { min: 1_000, max: 5_000 },
    drainMs: 2_000,
  },
  /** Bytes we still read from a client that is sending when its connection closes, so that the client can read its answer. */
  closing: { bytes: 8 * 1024 * 1024, ms: 5_000 },
  /** Bytes of log lines that wait for the log's output, and characters of a path in one line. */
  log: { waitingBytes: 1024 * 1024, path: 256 },
} as const;
