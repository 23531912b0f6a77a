import { type Input, LIMITS, parseIpAddress } from '#kernel';
import type { DeviceStatus } from './device.objects.js';

/** Members as a client sent them: undefined leaves the value as it is, null clears the value. */
export interface DeviceChanges {
  hostname?: string | null;
  ipAddress?: string | null;
  model?: string | null;
  serialNumber?: string | null;
  firmwareVersion?: string | null;
  status?: DeviceStatus | null;
}

const HOSTNAME = /^[0-9A-Za-z]([0-9A-Za-z._-]*[0-9A-Za-z])?$/;
const HOSTNAME_LENGTH = 253;
const REQUIRED = ['hostname', 'ipAddress', 'status'] as const;
const TEXTS = ['model', 'serialNumber', 'firmwareVersion'] as const;

export interface ReadDeviceChanges {
  hostname?: string;
  ipAddress?: string;
  status?: DeviceStatus;
  model?: string | null;
  serialNumber?: string | null;
  firmwareVersion?: string | null;
}

/**
 * Checks the members that were sent, and returns only these.
 * @throws {InvalidInput} all problems at once
 */
export function readDeviceChanges(input: Input<DeviceChanges>): ReadDeviceChanges {
  const changes = input.value;
  const read: ReadDeviceChanges = {};
  for (const name of REQUIRED) if (changes[name] === null) input.at(name).refuse('REQUIRED', 'cannot be cleared.');
  if (changes.hostname != null) {
    const hostname = input.at('hostname').as(changes.hostname);
    read.hostname = hostname.text({ max: HOSTNAME_LENGTH });
    if (read.hostname !== '' && !HOSTNAME.test(read.hostname))
      hostname.refuse(
        'MALFORMED',
        'may hold letters, digits, ".", "_" and "-", and neither starts nor ends with one of these three.',
      );
  }
  if (changes.ipAddress != null) {
    const address = changes.ipAddress.includes('%') ? undefined : parseIpAddress(changes.ipAddress);
    if (address) read.ipAddress = address.toString();
    else input.at('ipAddress').refuse('MALFORMED', 'is not an IPv4 or IPv6 address.');
  }
  if (changes.status != null) read.status = changes.status;
  for (const name of TEXTS) {
    const text = changes[name];
    if (text !== undefined) read[name] = text === null ? null : input.at(name).as(text).text({ max: LIMITS.name });
  }
  input.throwIfRefused();
  return read;
}
