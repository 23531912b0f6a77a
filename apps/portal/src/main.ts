import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { EXIT, reportFailure } from './commands/failure.js';
import { failOnLostOutput } from './commands/output.js';
import { createProgram } from './commands/program.js';
import { exitOnSignals } from './commands/signals.js';

const DEVELOPMENT_FILE = '.env';

exitOnSignals();
failOnLostOutput();
try {
  // For development only. A variable that is already set comes before the file's.
  const isDevelopment = (process.env['NODE_ENV']?.trim() || 'development') === 'development';
  if (isDevelopment && existsSync(DEVELOPMENT_FILE)) loadEnvFile(DEVELOPMENT_FILE);
  await createProgram().parseAsync();
} catch (error) {
  const code = await reportFailure(error);
  // Printing help is no failure, and must not reset an earlier exit code.
  if (code !== EXIT.done) process.exitCode = code;
}
