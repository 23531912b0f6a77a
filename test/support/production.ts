/** The variables that `NODE_ENV=production` needs; the database is that of the started portal. */
export function production(): Record<string, string> {
  return {
    NODE_ENV: 'production',
    DATABASE_URL: 'postgresql://unused/unused',
    SESSION_ISSUER: 'https://id.example',
    SESSION_AUDIENCE: 'portal',
    SESSION_JWKS_URL: 'https://id.example/jwks',
  };
}
