import { Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';

/** The machine's own clock. */
@Module({ providers: [{ provide: Clock, useClass: SystemClock }], exports: [Clock] })
export class ClockModule {}
