import { readOrigins } from './cors.js';

describe('CORS_ORIGINS', () => {
  it.each([
    ['https://portal.example.com', ['https://portal.example.com']],
    ['http://localhost:5173', ['http://localhost:5173']],
    ['https://a.example, https://b.example:8443', ['https://a.example', 'https://b.example:8443']],
  ])('CORS_ORIGINS accepts %s as a list of origins', (text, origins) => {
    expect(readOrigins(text)).toEqual(origins);
  });

  it.each([
    '*',
    'https://*.example.com',
    'null',
    'portal.example.com',
    'https://portal.example.com/',
    'https://portal.example.com/page',
    'https://user@portal.example.com',
    'https://portal.example.com:443',
    'HTTPS://portal.example.com',
    'ftp://portal.example.com',
    'https://a.example,',
  ])('CORS_ORIGINS refuses %s: a browser sends no such origin', (text) => {
    expect(readOrigins(text)).toBeUndefined();
  });
});
