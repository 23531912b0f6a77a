import { Module } from '@nestjs/common';
import { OpenStreams } from '#graphql';

/** The streams of this application. */
@Module({ providers: [OpenStreams], exports: [OpenStreams] })
export class StreamsModule {}
