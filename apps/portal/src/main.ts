import { reportFailure } from './commands/failure.js';
import { createProgram } from './commands/program.js';

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
