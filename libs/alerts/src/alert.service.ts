import { Injectable } from '@nestjs/common';
import type { TenantPrincipal } from '#access';
import { TenantDatabase } from '#database';
import { Input, type Page, type PageArguments, readPage } from '#kernel';
import { pageOfOwner } from '#graphql';
import { type AlertFilter, type AlertRow, pageOfAlerts, pagesOfDeviceAlerts } from './alert.reader.js';

/** The alerts of the caller's tenant, newest first. */
@Injectable()
export class AlertService {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * A device that is unknown, or belongs to another tenant, has no alerts.
   * @throws {InvalidInput} for a device id that is no UUID, page arguments out of range and cursors of another list
   */
  page(by: TenantPrincipal, filter: AlertFilter, page: PageArguments): Promise<Page<AlertRow>> {
    const { deviceId, request } = new Input({ ...filter, ...page }).read((input) => ({
      deviceId: input.given('deviceId')?.id(),
      request: readPage(input),
    }));
    return this.database.readForDisplay(by, (session) => pageOfAlerts(session, { ...filter, deviceId }, request));
  }

  /**
   * A page of one device's alerts. Pages that one request asks for with the same arguments are read together.
   * @throws {InvalidInput} for page arguments out of range and for cursors of another list
   */
  pageOfDevice(request: object, by: TenantPrincipal, deviceId: string, page: PageArguments): Promise<Page<AlertRow>> {
    return pageOfOwner(request, 'alerts of devices', deviceId, page, (deviceIds, asked) =>
      this.database.readForDisplay(by, (session) => pagesOfDeviceAlerts(session, deviceIds, asked)),
    );
  }
}
