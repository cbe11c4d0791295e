import { execFileSync } from 'node:child_process';

const allowed: Array<[file: string, code: string]> = [
	['src/api/a.ts', "import { request } from './request';"],
	['src/api/database/a.ts', "import { request } from '../request';"],
	['src/api/a.ts', "import { readFile } from 'node:fs/promises';"],
	['src/api/a.ts', "import type { Dispatcher } from 'undici';"],
	['src/api/a.ts', "const undici = import('undici');"],
	['src/api/a.ts', "import { WebSocket } from 'ws';"],
	['src/n8n/a.ts', "import { send } from '../api/transport';"],
	['src/n8n/a.ts', "import { NodeApiError } from 'n8n-workflow';"],
	['nodes/Database/row/a.ts', "import { operation } from '../../../src/n8n/operation';"],
	['nodes/Database/row/a.ts', "import { select } from '../../../src/api/database/select';"],
	['credentials/A.credentials.ts', "import type { ICredentialType } from 'n8n-workflow';"],
	['test/unit/a.ts', "import { operation } from '../../src/n8n/operation';"],
	['examples/a.ts', "import { startStack } from '../test/stack/stack';"],
	['bench/a.ts', "import { startStack } from '../test/stack/stack';"],
	['scripts/a.ts', "import { startStack } from '../test/stack/stack';"],
];

const forbidden: typeof allowed = [
	['src/api/a.ts', "import { NodeApiError } from 'n8n-workflow';"],
	['src/api/a.ts', "import type { INode } from 'n8n-workflow';"],
	['src/api/a.ts', "const n8n = import('n8n-workflow');"],
	['src/api/a.ts', "const n8n = require('n8n-workflow');"],
	['src/api/a.ts', "type Node = import('n8n-workflow').INode;"],
	['src/api/a.ts', "export * from '../n8n/errors';"],
	['src/api/a.ts', "export { run } from '../n8n/runner';"],
	['src/api/database/a.ts', "import { run } from '../../n8n/runner';"],
	['src/api/a.ts', "import { row } from '../../nodes/Database/row';"],
	['src/api/a.ts', "import axios from 'axios';"],
	['src/api/a.ts', "import { request } from 'undici';"],
	['src/n8n/a.ts', "import { row } from '../../nodes/Database/row';"],
	['src/n8n/a.ts', "import { request } from 'undici';"],
	['nodes/Database/a.ts', "import { request } from 'undici';"],
	['nodes/Database/a.ts', "import { startStack } from '../../test/stack/stack';"],
	['credentials/A.credentials.ts', "import { row } from '../nodes/Database/row';"],
	['src/api/a.ts', "import { startStack } from '../../test/stack/stack';"],
	['src/other/a.ts', "import { startStack } from '../../test/stack/stack';"],
];

// ESLint loads its configuration by import(), which Jest's sandbox does not have.
const program = `
	import { readFileSync } from 'node:fs';
	import { ESLint } from 'eslint';
	import tseslint from 'typescript-eslint';
	const eslint = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked });
	const results = [];
	for (const [filePath, code] of JSON.parse(readFileSync(0, 'utf8'))) {
		const [{ messages }] = await eslint.lintText(code, { filePath });
		results.push(messages.map(({ ruleId, message }) => ruleId ?? message));
	}
	console.log(JSON.stringify(results));
`;

/** A file that is there, and code that would make it a part of a circle, or take a list apart. */
const refused: Array<[file: string, code: string, rule: string]> = [
	['src/api/errors.ts', "import { send } from './transport';", 'local/no-import-circles'],
	['src/api/errors.ts', "import type { Send } from './transport';", 'local/no-import-circles'],
	['src/api/errors.ts', "export * from './transport';", 'local/no-import-circles'],
	['src/api/a.ts', 'rows.push(...more);', 'no-restricted-syntax'],
	['nodes/Database/a.ts', 'Math.max(0, ...lengths);', 'no-restricted-syntax'],
	['src/n8n/a.ts', 'new Set(first, ...rest);', 'no-restricted-syntax'],
];

const cases = [...allowed, ...forbidden, ...refused.map(([file, code]) => [file, code] as const)];
let rules: string[][];

beforeAll(() => {
	const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
		input: JSON.stringify(cases),
		encoding: 'utf8',
	});
	rules = JSON.parse(output) as string[][];
});

test.each([...allowed, ...forbidden].map(([file, code], index) => ({ file, code, index })))(
	'$file: $code',
	({ index }) => {
		expect(rules[index]?.includes('local/import-direction')).toBe(index >= allowed.length);
		expect(rules[index]?.filter((rule) => rule.startsWith('Parsing'))).toEqual([]);
	},
);

test.each(refused.map(([file, code, rule], index) => ({ file, code, rule, index })))(
	'$file: $code',
	({ rule, index }) => {
		expect(rules[allowed.length + forbidden.length + index]).toContain(rule);
	},
);

test('what goes one way only is no circle, and a list in a list is no argument', () => {
	for (const found of rules.slice(0, allowed.length))
		expect(found).not.toEqual(
			expect.arrayContaining([expect.stringMatching(/circles|restricted-syntax/)]),
		);
});
