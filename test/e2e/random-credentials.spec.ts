import { operation, rawRequest, sendRaw } from '../support/raw-http.js';
import { seededRandom } from '../support/tenant-model.js';
import { TestPortal } from '../support/test-portal.js';

const HEADERS = Number(process.env['RANDOM_HEADERS'] ?? 100);
const SEED = Number(process.env['RANDOM_SEED'] ?? Date.now() % 2 ** 31);
const IN_FLIGHT = 4;
/** From the space to the last byte: what is below is no header at all. */
const BYTES = { first: 0x20, count: 0xe0 };
const LONGEST = 4_000;

describe(`random bytes as a credential (RANDOM_SEED=${SEED})`, () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start();
  });
  afterAll(() => api.stop());

  it(`(T13) are no credential, whatever they are, and break nothing (${HEADERS} headers)`, async () => {
    const random = seededRandom(SEED);
    const below = (limit: number) => Math.floor(random() * limit);
    const statuses = new Map<number | undefined, number>();
    let left = HEADERS;
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        // Short ones often, since the edges of the syntax are there.
        const length = random() < 0.5 ? below(40) : below(LONGEST);
        const text = Array.from({ length }, () => String.fromCharCode(BYTES.first + below(BYTES.count))).join('');
        const start = ['', '', 'Bearer ', 'Bearer mktp_', 'Bearer eyJ'][below(5)] ?? '';
        const name = random() < 0.8 ? 'authorization' : 'x-api-key';
        const body = operation('{ devices { totalCount } }');
        const answer = await sendRaw(api.url, rawRequest({ headers: [`${name}: ${start}${text}`], body }));
        statuses.set(answer?.status, (statuses.get(answer?.status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    expect([...statuses.keys()].filter((status) => ![400, 401, 431].includes(Number(status)))).toEqual([]);
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([400, 401]));
    const { secret } = await api.given.apiKey();
    expect((await api.query('{ viewer { kind } }', { key: secret })).status).toBe(200);
  }, 600_000);
});
