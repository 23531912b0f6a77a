import { Injectable } from '@nestjs/common';
import type { TenantPrincipal } from '#access';
import { TenantDatabase } from '#database';
import { DeviceDirectory } from '#devices';
import { Input, loaderOf, NotFound, type Page, type PageArguments, readPage } from '#kernel';
import { pageOfOwner } from '#graphql';
import {
  COLUMNS,
  type ConfigBackupRow,
  type ConfigBackupTables,
  contentsOf,
  pageOfBackups,
  pagesOfDeviceBackups,
} from './config-backup.reader.js';
import { readContent } from './config-content.js';
import { countShown } from './shown-contents.js';

export interface NewConfigBackup {
  deviceId: string;
  trigger: ConfigBackupRow['trigger'];
  /** 1 byte to 64 kB in UTF-8, stored unchanged. */
  content: string;
}

/** The configuration backups of the caller's tenant, newest first. */
@Injectable()
export class ConfigBackupService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly devices: DeviceDirectory,
  ) {}

  /**
   * A device that is unknown, or belongs to another tenant, has no backups.
   * @throws {InvalidInput} for a device id that is no UUID, page arguments out of range and cursors of another list
   */
  page(by: TenantPrincipal, ofDevice: string | null, page: PageArguments): Promise<Page<ConfigBackupRow>> {
    const { deviceId, request } = new Input({ deviceId: ofDevice, ...page }).read((input) => ({
      deviceId: input.given('deviceId')?.id() ?? null,
      request: readPage(input),
    }));
    return this.database.readForDisplay(by, (session) => pageOfBackups(session, deviceId, request));
  }

  /**
   * A page of one device's backups. Pages that one request asks for with the same arguments are read together.
   * @throws {InvalidInput} for page arguments out of range and for cursors of another list
   */
  pageOfDevice(
    request: object,
    by: TenantPrincipal,
    deviceId: string,
    page: PageArguments,
  ): Promise<Page<ConfigBackupRow>> {
    return pageOfOwner(request, 'config backups of devices', deviceId, page, (deviceIds, asked) =>
      this.database.readForDisplay(by, (session) => pagesOfDeviceBackups(session, deviceIds, asked)),
    );
  }

  /**
   * The content of a backup. All contents that one request asks for are read together.
   * @throws {NotFound} the backup was removed with its device after the backup was read
   * @throws {InvalidInput} LIMIT_REACHED: the answer would show too much content
   */
  async contentOf(request: object, by: TenantPrincipal, { id, sizeBytes }: ConfigBackupRow): Promise<string> {
    countShown(request, sizeBytes);
    const loader = loaderOf(request, 'contents of config backups', (ids) =>
      this.database.readForDisplay(by, (session) => contentsOf(session, ids)),
    );
    const content = await loader.load(id);
    if (content === null) throw new NotFound('ConfigBackup');
    return content;
  }

  /**
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound} no such device in this tenant
   */
  store(by: TenantPrincipal, input: Input<NewConfigBackup>): Promise<ConfigBackupRow> {
    const deviceId = input.at('deviceId').id();
    const content = readContent(input.at('content'));
    input.throwIfRefused();
    const { trigger } = input.value;
    return this.database.writeQuietly(by, async (session) => {
      await this.devices.requireDevice(session, deviceId);
      return session
        .tables<ConfigBackupTables>()
        .insertInto('config_backups')
        .values({ tenantId: by.tenantId, deviceId, trigger, ...content })
        .returning(COLUMNS)
        .executeTakeFirstOrThrow();
    });
  }
}
