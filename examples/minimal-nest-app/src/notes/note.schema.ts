import type { Schema } from '@latchkey/nestjs/schema';
import { Note } from './note.entity.js';
import { Migration20300101000000_notes } from './note.migration.js';

export const NOTES_SCHEMA: Schema = { entities: [Note], migrations: [Migration20300101000000_notes] };
