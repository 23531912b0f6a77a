import { describedEnum } from '#graphql';

export const API_KEY_ORDER_FIELD = describedEnum('ApiKeyOrderField', 'By what keys are listed.', {
  CREATED_AT: 'When they were made.',
  NAME: 'By name, whatever the case.',
  EXPIRES_AT: 'When they expire; those that never do come last.',
  LAST_USED_AT: 'When they were last used; those that never were come last.',
});
export const ORDER_DIRECTION = describedEnum('OrderDirection', 'Which way a list runs.', {
  ASC: 'Smallest or oldest first.',
  DESC: 'Greatest or newest first.',
});
