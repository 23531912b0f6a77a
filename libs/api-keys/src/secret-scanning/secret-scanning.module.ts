import { type DynamicModule, Module } from '@nestjs/common';
import { ScannerRelay } from './scanner-relay.js';
import { ScannerSignatures } from './scanner-signatures.js';
import { SecretScanningController } from './secret-scanning.controller.js';
import { ConfigurableModuleClass, type SecretScanningOptions } from './secret-scanning.options.js';

/** `POST /secret-scanning/github` and `/secret-scanning/gitlab`. */
@Module({
  controllers: [SecretScanningController],
  providers: [ScannerSignatures, ScannerRelay],
})
export class SecretScanningModule extends ConfigurableModuleClass {
  static override forRoot(options: SecretScanningOptions): DynamicModule {
    return { ...super.forRoot(options), imports: [options.apiKeys] };
  }
}
