import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';
import { ServiceUnavailable } from '#kernel';

/** A worker asks the primary process for the metrics of all workers; the answer has the same number. */
interface Scrape {
  scrape: number;
  text?: string;
  error?: string;
}

const isScrape = (message: unknown): message is Scrape =>
  typeof message === 'object' && message !== null && 'scrape' in message;

/** In the primary process: collects the metrics of all workers whenever one of them is asked for metrics. */
export function answerScrapes(): void {
  const all = new AggregatorRegistry();
  cluster.on('message', (worker: Worker, message: unknown) => {
    if (!isScrape(message)) return;
    const { scrape } = message;
    const answer = (content: Omit<Scrape, 'scrape'>) => worker.isConnected() && worker.send({ scrape, ...content });
    all.clusterMetrics().then(
      (text) => answer({ text }),
      (error: Error) => answer({ error: error.message }),
    );
  });
}

/** The metrics of all workers, asked for by one of them. Each series has the label `worker`, so that none is summed here. */
export class WorkerMetrics {
  private readonly waiting = new Map<number, PromiseWithResolvers<string>>();
  private scrapes = 0;

  /** @param id number of this worker */
  constructor(id: number, registries: readonly Registry[]) {
    for (const registry of registries) registry.setDefaultLabels({ worker: String(id) });
    AggregatorRegistry.setRegistries([...registries]);
    // Its constructor listens to the primary process.
    void new AggregatorRegistry();
    process.on('message', (message: unknown) => isScrape(message) && this.receive(message));
  }

  /** In the text format of Prometheus. @throws {ServiceUnavailable} when a worker does not answer within 5 s */
  text(): Promise<string> {
    const scrape = ++this.scrapes;
    const waiting = Promise.withResolvers<string>();
    this.waiting.set(scrape, waiting);
    process.send?.({ scrape });
    return waiting.promise;
  }

  private receive({ scrape, text, error }: Scrape): void {
    const waiting = this.waiting.get(scrape);
    this.waiting.delete(scrape);
    if (text === undefined) waiting?.reject(new ServiceUnavailable({ cause: new Error(error) }));
    else waiting?.resolve(text);
  }
}
