import {
  Controller,
  Get,
  type HttpRedirectResponse,
  HttpStatus,
  Inject,
  NotFoundException,
  Redirect,
} from '@nestjs/common';
import { Public } from '#access';

/** Where `GET /` leads; null: nowhere. */
export const HOME = Symbol('HOME');

/** The bare address of the portal leads to the console, else to the explorer, else nowhere. */
@Controller()
@Public()
export class HomeController {
  constructor(@Inject(HOME) private readonly home: string | null) {}

  @Get()
  @Redirect()
  index(): HttpRedirectResponse {
    if (this.home === null) throw new NotFoundException();
    return { url: this.home, statusCode: HttpStatus.FOUND };
  }
}
