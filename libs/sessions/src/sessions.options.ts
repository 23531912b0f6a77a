/** An OpenID Connect issuer of our own choice. */
export interface ConfiguredIssuer {
  kind: 'configured';
  /** `iss` of every token, to the letter. */
  issuer: string;
  /** Must be among the token's `aud`. */
  audience: string;
  /** Where the issuer publishes its keys; nothing in a token can name another place. */
  jwksUrl: URL;
}

/** An issuer for development, whose key lies in a folder of this machine. */
export interface DevelopmentIssuerOptions {
  kind: 'development';
  /** Made if absent. */
  directory: string;
}

export type SessionsOptions = ConfiguredIssuer | DevelopmentIssuerOptions;
