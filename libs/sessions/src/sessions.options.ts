/** An OpenID Connect issuer chosen in the configuration. */
export interface ConfiguredIssuer {
  kind: 'configured';
  /** `iss` of every token, compared character by character. */
  issuer: string;
  /** A value that the token's `aud` must contain. */
  audience: string;
  /** Where the issuer publishes its keys. Nothing in a token can name another place. */
  jwksUrl: URL;
}

/** An issuer for development. Its key is stored in a folder of this machine. */
export interface DevelopmentIssuerOptions {
  kind: 'development';
  /** The folder is made if absent. */
  directory: string;
}

export type SessionsOptions = ConfiguredIssuer | DevelopmentIssuerOptions;
