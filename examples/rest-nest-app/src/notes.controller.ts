import { CurrentPrincipal, Public, RequireScopes, type TenantPrincipal } from '@latchkey/nestjs/access';
import { Input } from '@latchkey/nestjs/errors';
import { Body, Controller, Get, Post } from '@nestjs/common';

/** Notes in memory; each tenant has its own. */
@Controller('notes')
export class NotesController {
  private readonly notes = new Map<string, string[]>();

  @Get()
  @RequireScopes('notes:read')
  list(@CurrentPrincipal() by: TenantPrincipal): string[] {
    return this.notes.get(by.tenantId) ?? [];
  }

  @Post()
  @RequireScopes('notes:write')
  add(@CurrentPrincipal() by: TenantPrincipal, @Body() body?: { text?: string }): string[] {
    const text = Input.argument('text', body?.text ?? '').read((input) => input.text({ max: 500 }));
    const notes = [...this.list(by), text];
    this.notes.set(by.tenantId, notes);
    return notes;
  }

  /** A monitor has no credential. */
  @Get('health')
  @Public()
  health(): { status: string } {
    return { status: 'ok' };
  }
}
