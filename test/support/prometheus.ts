import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import type { TestPortal } from './test-portal.js';

const require = createRequire(import.meta.url);

interface Family {
  name: string;
  type: string;
  metrics: { labels?: Record<string, string>; value: string }[];
}
const parseText = require('parse-prometheus-text-format') as (text: string) => Family[];

/** The result of a scrape. */
export class Scrape {
  /** Type of each metric, by its name: COUNTER, GAUGE, HISTOGRAM … */
  readonly types: ReadonlyMap<string, string>;
  /** Samples by the name that expressions ask for: of a histogram `…_bucket`, `…_sum` and `…_count`. */
  private readonly series: ReadonlyMap<string, Family['metrics']>;

  constructor(readonly text: string) {
    this.types = new Map(parseText(text).map(({ name, type }) => [name, type]));
    // The parser keeps only one label set of a metric that is typed as a histogram. Without types it keeps every line.
    const untyped = Map.groupBy(parseText(text.replace(/^#.*$/gm, '')), ({ name }) => name);
    this.series = new Map([...untyped].map(([name, parts]) => [name, parts.flatMap(({ metrics }) => metrics)]));
  }

  static async of(api: TestPortal): Promise<Scrape> {
    const response = await fetch(`${api.url}/metrics`);
    if (response.status !== 200) throw new Error(`/metrics answered ${response.status}.`);
    return new Scrape(await response.text());
  }

  has(name: string): boolean {
    return this.series.has(name);
  }

  /** Sum of the samples whose labels include `labels`; 0 where there is none. */
  value(name: string, labels: Record<string, string> = {}): number {
    const samples = this.series.get(name);
    if (!samples) throw new Error(`There is no metric ${name}.`);
    const wanted = Object.entries(labels);
    const fits = (of: Record<string, string> = {}) => wanted.every(([label, value]) => of[label] === value);
    return samples.reduce((sum, { labels: of, value }) => sum + (fits(of) ? Number(value) : 0), 0);
  }

  /** Every value that a label has. */
  labelValues(name: string, label: string): string[] {
    return [...new Set(this.series.get(name)?.flatMap(({ labels }) => labels?.[label] ?? []))];
  }
}

export interface AlertRule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; runbook_url?: string };
}

/** The alert rules of `deploy/prometheus/alerts.yml`. */
export async function alertRules(): Promise<AlertRule[]> {
  const text = await readFile(resolve(import.meta.dirname, '../../deploy/prometheus/alerts.yml'), 'utf8');
  const { groups } = parse(text) as { groups: { name: string; rules: AlertRule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** A syntax tree's node, as far as it is looked at here. */
interface SyntaxNode {
  name: string;
  from: number;
  to: number;
  type: { isError: boolean };
}
interface PromqlParser {
  parse(text: string): { iterate(visitor: { enter(node: SyntaxNode): void }): void };
}
const { parser: promql } = require('@prometheus-io/lezer-promql') as { parser: PromqlParser };

/** A metric that an expression asks for, and the labels that it must have. */
export interface Selector {
  metric: string;
  labels: [name: string, operator: string, value: string][];
}

/** The selectors of a PromQL expression. @throws {Error} where it is no PromQL */
export function selectorsOf(expression: string): Selector[] {
  const selectors: Selector[] = [];
  promql.parse(expression).iterate({
    enter({ name, from, to, type }) {
      const text = expression.slice(from, to);
      if (type.isError) throw new Error(`No PromQL at ${from}: ${expression}`);
      if (name === 'VectorSelector') selectors.push({ metric: /^[\w:]*/.exec(text)?.[0] ?? '', labels: [] });
      if (name !== 'UnquotedLabelMatcher') return;
      const [, label = '', operator = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/s.exec(text) ?? [];
      selectors.at(-1)?.labels.push([label, operator, value]);
    },
  });
  return selectors;
}
