import { registerEnumType } from '@nestjs/graphql';

export const API_KEY_ORDER_FIELD = {
  CREATED_AT: 'CREATED_AT',
  NAME: 'NAME',
  EXPIRES_AT: 'EXPIRES_AT',
  LAST_USED_AT: 'LAST_USED_AT',
} as const;
export const ORDER_DIRECTION = { ASC: 'ASC', DESC: 'DESC' } as const;

registerEnumType(API_KEY_ORDER_FIELD, {
  name: 'ApiKeyOrderField',
  description: 'By what keys are listed.',
  valuesMap: {
    CREATED_AT: { description: 'When they were made.' },
    NAME: { description: 'By name, whatever the case.' },
    EXPIRES_AT: { description: 'When they expire; those that never do come last.' },
    LAST_USED_AT: { description: 'When they were last used; those that never were come last.' },
  },
});
registerEnumType(ORDER_DIRECTION, {
  name: 'OrderDirection',
  description: 'Which way a list runs.',
  valuesMap: { ASC: { description: 'Smallest or oldest first.' }, DESC: { description: 'Greatest or newest first.' } },
});
