import {
  BadGatewayException,
  BadRequestException,
  ConflictException,
  Controller,
  Get,
  HttpException,
  Module,
  NotFoundException,
  Param,
  Post,
  ServiceUnavailableException,
} from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { CurrentActor, Public, RequireScopes } from '#access';
import { Conflict, NotFound } from '#kernel';

/** A text that no answer may hold. */
export const SECRET = 'no route to 10.0.0.1';

@Resolver()
class FaultyResolver {
  @Query(() => String, { nullable: true })
  @Public()
  bug(): string {
    throw new Error(SECRET);
  }
}

/** Errors that handlers of an application throw, by name. */
const THROWN = {
  text: () => new BadRequestException('The name is taken by a river.'),
  list: () => new BadRequestException(['name must be a string', 'size must be positive']),
  validation: () =>
    new BadRequestException({ statusCode: 400, message: ['name must be a string'], error: 'Bad Request' }),
  members: () => new ConflictException({ message: 'Taken.', code: 'NAME_TAKEN', takenBy: 'river', status: 200 }),
  conflict: () => new ConflictException(),
  missing: () => new NotFoundException('No such note'),
  teapot: () => new HttpException('I am a teapot.', 418),
  'an-error': () => new BadRequestException(new Error(SECRET)),
  unavailable: () => new ServiceUnavailableException(SECRET),
  'bad-gateway': () => new BadGatewayException({ message: SECRET, host: SECRET }),
  lost: () => new NotFound('Device'),
  taken: () => new Conflict('ALREADY_EXISTS', 'A device has this name.'),
  bug: () => new Error(SECRET),
  /** As clients of other services throw, with the status of that service's answer. */
  foreign: () => Object.assign(new Error(SECRET), { statusCode: 404 }),
};
type Thrown = keyof typeof THROWN;

/** The status and the code that a thrown error is answered with, and the other members of its problem document. */
export const THROWN_ROWS: readonly [name: Thrown, status: number, code: string, rest: object][] = [
  ['text', 400, 'BAD_REQUEST', { detail: 'The name is taken by a river.' }],
  [
    'list',
    400,
    'BAD_REQUEST',
    {
      detail: 'name must be a string; size must be positive',
      messages: ['name must be a string', 'size must be positive'],
    },
  ],
  ['validation', 400, 'BAD_REQUEST', { detail: 'name must be a string', messages: ['name must be a string'] }],
  ['members', 409, 'NAME_TAKEN', { detail: 'Taken.', takenBy: 'river' }],
  ['conflict', 409, 'CONFLICT', { detail: 'Conflict' }],
  ['missing', 404, 'NOT_FOUND', { detail: 'No such note' }],
  ['teapot', 418, 'BAD_REQUEST', { detail: 'I am a teapot.' }],
  ['an-error', 400, 'BAD_REQUEST', { detail: 'Bad Request' }],
  ['unavailable', 503, 'SERVICE_UNAVAILABLE', { detail: 'Service Unavailable', requestId: 'an-id' }],
  ['bad-gateway', 502, 'INTERNAL_SERVER_ERROR', { detail: 'Bad Gateway', requestId: 'an-id' }],
  ['foreign', 500, 'INTERNAL_SERVER_ERROR', { detail: 'Internal server error.', requestId: 'an-id' }],
];

@Controller('odd')
class OddController {
  @Get('thrown/:name')
  @Public()
  thrown(@Param('name') name: Thrown): never {
    throw THROWN[name]();
  }

  @Post('address')
  @RequireScopes('devices:read')
  address(@CurrentActor() { ip }: { ip?: string }): { ip: string | undefined } {
    return { ip };
  }
}

/** A resolver and handlers for what an application does rarely. */
@Module({ providers: [FaultyResolver], controllers: [OddController] })
export class OddModule {}
