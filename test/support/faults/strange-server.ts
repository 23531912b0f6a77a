import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { resetSocket } from '../reset-socket.js';

/** One message of PostgreSQL's protocol. */
export const message = (type: string, ...parts: (string | number | Buffer)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'number' ? int32(part) : Buffer.from(part))));
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const welcome = Buffer.concat([message('R', 0), message('Z', 'I')]);
const failure = (severity: string, code: string) =>
  message('E', `S${severity}\0V${severity}\0C${code}\0Mit failed\0\0`);

/** The answers to the first bytes of a client and to all following bytes; null: the end of the connection. */
export interface Strangeness {
  first: Buffer | string | null;
  later?: Buffer | string | null;
}

/** Strange servers at the address of a database, by name. */
export const STRANGE: Record<string, Strangeness> = {
  'nobody who answers': { first: '' },
  'one who hangs up': { first: null },
  'a web server': { first: 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n' },
  'a shell': { first: 'SSH-2.0-OpenSSH_9.2\r\n' },
  'a mail server': { first: '220 mail.example.test ESMTP\r\n' },
  Redis: { first: `-ERR unknown command\r\n` },
  MySQL: { first: Buffer.from('4a0000000a382e302e333600', 'hex') },
  'an alert of TLS': { first: Buffer.from('15030100020228', 'hex') },
  zeros: { first: Buffer.alloc(64) },
  'bytes of 255': { first: Buffer.alloc(64, 255) },
  'one who demands Kerberos': { first: message('R', 2) },
  'one who demands GSSAPI': { first: message('R', 7) },
  'one who demands SSPI': { first: message('R', 9) },
  'one who demands credentials of the socket': { first: message('R', 6, 'xx') },
  'one who demands what nobody knows': { first: message('R', 99) },
  'one who demands an unknown mechanism': { first: message('R', 10, 'OAUTHBEARER\0\0') },
  'one who demands no mechanism': { first: message('R', 10, '\0') },
  'one who goes on with an exchange that never began': { first: message('R', 11, 'r=x,s=y,i=1') },
  'one who asks for a password without salt': { first: message('R', 5) },
  'a message of no length': { first: Buffer.from('5200000000', 'hex') },
  'a message of negative length': { first: Buffer.from('52ffffffff00000000', 'hex') },
  'a message that is cut off': { first: Buffer.from('450000ffff53', 'hex') },
  'one who refuses for want of rights': { first: failure('FATAL', '42501') },
  'one who refuses with a bug of its own': { first: failure('FATAL', 'XX000') },
  'one who lets in and hangs up': { first: welcome, later: null },
  'one who lets in and says nothing': { first: welcome, later: '' },
  'one who lets in and talks of something else': { first: welcome, later: 'HTTP/1.1 200 OK\r\n\r\n' },
  'one who lets in and sends rows of nothing': { first: welcome, later: message('D', Buffer.from('00050000', 'hex')) },
  'one who lets in and begins to copy': { first: welcome, later: message('G', Buffer.from('000000', 'hex')) },
  'one who lets in and ends with a last word': { first: welcome, later: failure('FATAL', 'XX000') },
  'one who lets in and answers with nothing': {
    first: welcome,
    later: Buffer.concat([message('1'), message('2'), message('n'), message('C', 'SELECT 0\0'), message('Z', 'I')]),
  },
};

/** Stands in a database's place and answers by one of the above. */
export class StrangeServer {
  strangeness: Strangeness = { first: null };
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<StrangeServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const strange = new StrangeServer(`postgresql://127.0.0.1:${port}/`, server);
    server.on('connection', (socket) => strange.welcome(socket));
    return strange;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) resetSocket(socket);
    await new Promise((resolve) => this.server.close(resolve));
  }

  private welcome(socket: Socket): void {
    const { first, later = '' } = this.strangeness;
    let isFirst = true;
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', () => {
      const answer = isFirst ? first : later;
      isFirst = false;
      if (answer === null) socket.end();
      else if (answer.length > 0) socket.write(answer);
    });
  }
}
