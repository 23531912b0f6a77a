import { OperatorError } from './operator-error.js';

/** As `engines` of the package says. */
const NEEDED = { major: 22, minor: 17 };

/** The process runs on a Node.js without functions that the rooms and the ORM use. */
class NodeTooOld extends OperatorError {
  constructor(version: string) {
    const { major, minor } = NEEDED;
    super(
      `Latchkey needs Node.js ${major}.${minor} or later, and this process runs on ${version}: install a newer Node.js.`,
    );
  }
}

/** @throws {NodeTooOld} */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < NEEDED.major || (major === NEEDED.major && minor < NEEDED.minor)) throw new NodeTooOld(version);
}

// Every room loads the kernel first: an old Node.js fails here, and not in a room by a sentence about something else.
requireNode(process.versions.node);
