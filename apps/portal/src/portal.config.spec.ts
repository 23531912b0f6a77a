import { readConfig } from './portal.config.js';

describe('environment', () => {
  const ISSUER = ['SESSION_ISSUER', 'SESSION_AUDIENCE', 'SESSION_JWKS_URL'];

  /** The variables that the error names, in its order. */
  function named(environment: Record<string, string>): string[] {
    try {
      readConfig(environment);
      return [];
    } catch (error) {
      return String(error).match(/\b[A-Z]+(?:_[A-Z]+)+\b|\bPORT\b|\bHOST\b/g) ?? [];
    }
  }

  it.each<[string, Record<string, string>, string[]]>([
    [
      'a bad one and what production needs',
      { NODE_ENV: 'production', PORT: 'abc' },
      ['PORT', 'DATABASE_URL', ...ISSUER],
    ],
    [
      'a bad one and half an issuer',
      { PORT: 'abc', SESSION_ISSUER: 'https://id.example' },
      ['PORT', ...ISSUER.slice(1)],
    ],
    [
      'one that is needed and bad, once',
      { NODE_ENV: 'production', DATABASE_URL: 'mysql://x' },
      ['DATABASE_URL', ...ISSUER],
    ],
    ['one that is bad and not known', { NODE_ENV: 'staging', PORT: 'abc' }, ['NODE_ENV', 'PORT']],
  ])('a bad environment is refused with all its bad variables at once: %s', (_, environment, expected) =>
    expect(named(environment)).toEqual(expected),
  );

  it.each(['', ' ', '\t \n'])('a variable of %j counts as not set', (blank) => {
    const names = ['NODE_ENV', 'HOST', 'PORT', 'DATABASE_URL', 'REDIS_URL', 'TRUST_PROXY', 'API_KEYS_PREFIX'];
    const more = [
      'API_KEYS_ACCEPT_LEGACY',
      'API_KEYS_ROUTING',
      'API_KEYS_CACHE_SIZE',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'LOG_LEVEL',
    ];
    const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' };
    const blanks = Object.fromEntries([...names, ...more, ...ISSUER].map((name) => [name, blank]));
    expect(readConfig(blanks)).toEqual(readConfig({}));
    expect(readConfig({ ...tracing, OTEL_SERVICE_NAME: blank, OTEL_TRACES_SAMPLER_ARG: blank })).toEqual(
      readConfig(tracing),
    );
    expect(named({ SESSION_ISSUER: blank, SESSION_AUDIENCE: 'portal' })).toEqual([
      'SESSION_ISSUER',
      'SESSION_JWKS_URL',
    ]);
  });

  it.each(['0x10', '1e3', '0b1', '+1', '-1', '1.0', ' 1', '1 ', '1_000', 'Infinity'])(
    'the environment accepts no whole number written as %j',
    (text) => expect(named({ PORT: text, API_KEYS_CACHE_SIZE: text })).toEqual(['PORT', 'API_KEYS_CACHE_SIZE']),
  );

  it.each(['0x1', '1e-1', '+1', '-0', '1.5', '1.', '.', ' 1', 'NaN'])(
    'the environment accepts no share written as %j',
    (text) => expect(named({ OTEL_TRACES_SAMPLER_ARG: text })).toEqual(['OTEL_TRACES_SAMPLER_ARG']),
  );

  it('the environment accepts numbers up to their limits', () => {
    const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_TRACES_SAMPLER_ARG: '0.25' };
    const config = readConfig({ PORT: '65535', API_KEYS_CACHE_SIZE: '0', ...tracing });
    expect([config.port, config.apiKeys.cacheSize, config.tracing?.sampledShare]).toEqual([65_535, 0, 0.25]);
    expect(named({ PORT: '65536', API_KEYS_CACHE_SIZE: '10000001' })).toEqual(['PORT', 'API_KEYS_CACHE_SIZE']);
  });
});
