import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { reportFailure } from './commands/failure.js';
import { createProgram } from './commands/program.js';

const DEVELOPMENT_FILE = '.env';

try {
  // A convenience of development; a variable that is set already wins over the file's.
  const isDevelopment = (process.env['NODE_ENV']?.trim() || 'development') === 'development';
  if (isDevelopment && existsSync(DEVELOPMENT_FILE)) loadEnvFile(DEVELOPMENT_FILE);
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = await reportFailure(error);
}
