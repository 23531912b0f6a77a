import { LIMITS, parseIpAddress, type ProblemPath, Problems, readText } from '#kernel';
import type { DeviceStatus } from './device.objects.js';

/** Members as a client sent them: undefined stays as it is, null clears. */
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
const at = (name: string): ProblemPath => ['input', name];
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
 * Only the members that were sent, checked.
 * @param problems what was found before, to be told along
 * @throws {InvalidInput} all problems at once
 */
export function readDeviceChanges(changes: DeviceChanges, problems = new Problems()): ReadDeviceChanges {
  const read: ReadDeviceChanges = {};
  for (const name of REQUIRED) if (changes[name] === null) problems.add(at(name), 'REQUIRED', 'cannot be cleared.');
  if (changes.hostname != null) {
    read.hostname = readText(changes.hostname, { max: HOSTNAME_LENGTH }, at('hostname'), problems);
    if (read.hostname !== '' && !HOSTNAME.test(read.hostname))
      problems.add(
        at('hostname'),
        'MALFORMED',
        'may hold letters, digits, ".", "_" and "-", and neither starts nor ends with one of these three.',
      );
  }
  if (changes.ipAddress != null) {
    const address = changes.ipAddress.includes('%') ? undefined : parseIpAddress(changes.ipAddress);
    if (address) read.ipAddress = address.toString();
    else problems.add(at('ipAddress'), 'MALFORMED', 'is no IPv4 or IPv6 address.');
  }
  if (changes.status != null) read.status = changes.status;
  for (const name of TEXTS) {
    const text = changes[name];
    if (text !== undefined)
      read[name] = text === null ? null : readText(text, { max: LIMITS.name }, at(name), problems);
  }
  problems.throwIfAny();
  return read;
}
