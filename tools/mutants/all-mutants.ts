import { BUILD_MUTANTS } from './build-mutants.ts';
import { CONSOLE_MUTANTS } from './console-mutants.ts';
import { FAST_PATH_MUTANTS } from './fast-path-mutants.ts';
import { DOCUMENT_MUTANTS } from './document-mutants.ts';
import { GARBAGE_MUTANTS } from './garbage-mutants.ts';
import { GUARD_MUTANTS } from './guard-mutants.ts';
import { HEARTBEAT_MUTANTS } from './heartbeat-mutants.ts';
import { HTTP_MUTANTS } from './http-mutants.ts';
import { INTROSPECTION_MUTANTS } from './introspection-mutants.ts';
import { KEY_FORMAT_MUTANTS } from './key-format-mutants.ts';
import { MEMBER_MUTANTS } from './member-mutants.ts';
import { MUTANTS } from './mutants.ts';
import { OUTAGE_MUTANTS } from './outage-mutants.ts';
import { POLICY_MUTANTS } from './policy-mutants.ts';
import { REPLICA_MUTANTS } from './replica-mutants.ts';
import { RUNTIME_MUTANTS } from './runtime-mutants.ts';
import { SCANNING_MUTANTS } from './scanning-mutants.ts';
import { STREAM_MUTANTS } from './stream-mutants.ts';
import { WEBHOOK_MUTANTS } from './webhook-mutants.ts';

export const ALL_MUTANTS = [
  ...MUTANTS,
  ...RUNTIME_MUTANTS,
  ...OUTAGE_MUTANTS,
  ...POLICY_MUTANTS,
  ...REPLICA_MUTANTS,
  ...DOCUMENT_MUTANTS,
  ...GARBAGE_MUTANTS,
  ...GUARD_MUTANTS,
  ...HEARTBEAT_MUTANTS,
  ...HTTP_MUTANTS,
  ...KEY_FORMAT_MUTANTS,
  ...FAST_PATH_MUTANTS,
  ...SCANNING_MUTANTS,
  ...INTROSPECTION_MUTANTS,
  ...MEMBER_MUTANTS,
  ...WEBHOOK_MUTANTS,
  ...STREAM_MUTANTS,
  ...CONSOLE_MUTANTS,
  ...BUILD_MUTANTS,
];
