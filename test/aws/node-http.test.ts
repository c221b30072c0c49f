import * as http from 'node:http';
import { expect, it } from 'vitest';
import * as nodeHttp from '../../lib/aws/node-http.ts';

it('what stands in for node:http is of node:http', () => {
  expect(http).toMatchObject({ ...nodeHttp });
});
