import type { TriggerDef } from '@mikro-orm/core';

/** The triggers that write deliveries and wake live streams in the transaction of an event, as the migrations create them. For the schema comparison. */
export const EVENT_TRIGGERS: Record<string, TriggerDef[]> = {
  api_key_events: [
    {
      name: 'api_key_events_notify_insert',
      timing: 'after',
      events: ['insert'],
      forEach: 'statement',
      expression:
        'create trigger "api_key_events_notify_insert" after insert on "api_key_events" referencing new table as new_rows ' +
        'for each statement execute function write_webhook_deliveries()',
    },
    {
      name: 'api_key_events_stream_insert',
      timing: 'after',
      events: ['insert'],
      forEach: 'statement',
      expression:
        'create trigger "api_key_events_stream_insert" after insert on "api_key_events" referencing new table as new_rows ' +
        'for each statement execute function announce_events()',
    },
    {
      name: 'api_key_events_mail_leak',
      timing: 'after',
      events: ['insert'],
      forEach: 'row',
      expression:
        'create trigger "api_key_events_mail_leak" after insert on "api_key_events" for each row ' +
        `when ((new.kind = 'LEAK_REPORTED'::text)) execute function write_leak_mail()`,
    },
  ],
  api_keys: [
    {
      name: 'api_keys_notify_adopted',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger "api_keys_notify_adopted" after update of new_first_used_at on "api_keys" for each row ' +
        'when (((old.new_first_used_at is null) and (new.new_first_used_at is not null))) ' +
        'execute function write_rotation_adopted()',
    },
    {
      name: 'api_keys_notify_used_after_revocation',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger "api_keys_notify_used_after_revocation" after update of attempts_after_revocation on "api_keys" for each row ' +
        'when ((new.attempts_after_revocation > old.attempts_after_revocation)) execute function write_used_after_revocation()',
    },
  ],
};
