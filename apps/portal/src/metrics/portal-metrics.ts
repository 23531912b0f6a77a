import { Injectable, type OnModuleInit } from '@nestjs/common';
import cluster from 'node:cluster';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { GuardReadings } from '#api-keys';
import { EVENT_STREAM_TYPE, OpenStreams } from '#graphql';
import { MailDispatcher, WebhookDispatcher } from '#notifications';
import { LogOutput } from '../http/log-output.js';
import { textOf } from './exposition.js';
import { addReading } from './reading.js';
import { logReadings, mailReadings, streamReadings, webhookReadings } from './readings.js';
import { WorkerMetrics } from '../workers/worker-metrics.js';
import { RequestMetrics } from './request-metrics.js';

/** All metrics that `/metrics` exports for one application. No label names a tenant, key, user or address. */
@Injectable()
export class PortalMetrics implements OnModuleInit {
  private readonly registry = new Registry();
  readonly requests = new RequestMetrics(this.registry);
  private ofWorkers: WorkerMetrics | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    guard: GuardReadings,
    log: LogOutput,
    webhooks: WebhookDispatcher,
    mails: MailDispatcher,
    streams: OpenStreams,
  ) {
    const readings = [
      guard.all,
      logReadings(log),
      webhookReadings(webhooks),
      mailReadings(mails),
      streamReadings(streams),
    ];
    for (const reading of readings.flat()) addReading(this.registry, reading);
  }

  onModuleInit(): void {
    // A scrape reaches one worker, and asks for the metrics of all.
    if (cluster.worker) this.ofWorkers = new WorkerMetrics(cluster.worker.id, [this.registry, processRegistry()]);
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', (request, reply, done) => {
      // A stream takes as long as its client likes.
      if (reply.getHeader('content-type') === EVENT_STREAM_TYPE) return done();
      this.requests.answered(request.routeOptions.url, reply.statusCode, reply.elapsedTime);
      done();
    });
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.ofWorkers ? this.ofWorkers.text() : textOf([this.registry, processRegistry()]);
  }
}

let ofProcess: Registry | undefined;

/**
 * CPU, memory, event loop and garbage collection of the process, whatever the number of applications; from the first scrape on.
 */
function processRegistry(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}
