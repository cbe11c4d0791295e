import js from '@eslint/js';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { importDirection } from './scripts/import-direction.mjs';
import { noImportCircles } from './scripts/no-import-circles.mjs';

const off = (prefix, ...names) =>
	Object.fromEntries(names.map((name) => [`${prefix}/${name}`, 'off']));

export default defineConfig(
	globalIgnores(['dist', 'coverage', '.cache', '.n8n-local']),
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	{
		files: ['**/*.{ts,js,mjs}'],
		extends: [js.configs.recommended],
		plugins: {
			local: {
				rules: { 'import-direction': importDirection, 'no-import-circles': noImportCircles },
			},
		},
		rules: { 'local/import-direction': 'error' },
	},
	{
		files: ['**/*.{js,mjs}'],
		languageOptions: { globals: { console: false, performance: false, process: false } },
	},
	{
		files: ['**/*.js'],
		languageOptions: { sourceType: 'commonjs' },
	},
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommendedTypeChecked],
		languageOptions: { parserOptions: { projectService: true } },
		rules: {
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
			// It removes the very assertions that no-base-to-string asks for in String(value).
			'@typescript-eslint/no-unnecessary-type-assertion': 'off',
			// n8n's interfaces ask for promises also where there is nothing to wait for.
			'@typescript-eslint/require-await': 'off',
		},
	},
	{
		files: ['test/**/*.ts'],
		// A test reads answers of any shape; a wrong guess fails it.
		rules: off(
			'@typescript-eslint',
			'no-unsafe-argument',
			'no-unsafe-assignment',
			'no-unsafe-call',
			'no-unsafe-member-access',
			'no-unsafe-return',
		),
	},
	{
		files: ['{src,nodes,credentials}/**/*.ts'],
		rules: {
			'no-console': 'error',
			'local/no-import-circles': 'error',
			'no-restricted-syntax': [
				'error',
				{
					selector: ':matches(CallExpression, NewExpression) > SpreadElement.arguments',
					message: 'A list of 150,000 is more than a call can take: pass the list, or loop.',
				},
			],
		},
	},
	{
		files: ['{src,nodes,credentials}/**/*.ts', 'package.json'],
		extends: [n8nCommunityNodesPlugin.configs.recommended],
		// These three belong to n8n Cloud, which lets no pack have a websocket of its own.
		rules: off(
			'@n8n/community-nodes',
			'no-restricted-globals',
			'no-restricted-imports',
			'no-runtime-dependencies',
		),
	},
	{
		files: ['{nodes,credentials}/**/*.ts', 'package.json'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
	},
	{
		files: ['package.json'],
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'] },
		},
		rules: n8nNodesBase.configs.community.rules,
	},
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.credentials.rules,
			// Written for n8n's own credentials, whose URL is a slug; a pack gives a whole URL, and
			// credential-password-field says better which fields are secrets.
			...off(
				'n8n-nodes-base',
				'cred-class-field-documentation-url-miscased',
				'cred-class-field-type-options-password-missing',
			),
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.nodes.rules,
			// These want the string 'main' where n8n now wants NodeConnectionTypes.Main, limits without a
			// maximum where n8n's own nodes have one, and the alphabet where the most wanted comes first.
			...off(
				'n8n-nodes-base',
				'node-class-description-inputs-wrong-regular-node',
				'node-class-description-outputs-wrong',
				'node-param-collection-type-unsorted-items',
				'node-param-fixed-collection-type-unsorted-items',
				'node-param-type-options-max-value-present',
			),
		},
	},
);
