require('./scripts/loopback.js');

const shared = {
	// Keeps Jest from crawling a real n8n, which "npm start" installs below the root.
	roots: ['<rootDir>/src', '<rootDir>/test'],
	transform: {
		'\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
	},
	globalSetup: '<rootDir>/test/stack/lanes/setup.ts',
	globalTeardown: '<rootDir>/test/stack/lanes/teardown.ts',
};

const kinds = (...names) => names.map((name) => `<rootDir>/test/${name}/**/*.test.ts`);

module.exports = {
	// Of what is asked once and answered: a busy machine takes its time, and a test that hangs has it.
	testTimeout: 180_000,
	// A stack for each, so more would gain little and cost a gigabyte.
	maxWorkers: 2,
	projects: [
		{
			...shared,
			displayName: 'alone',
			testMatch: kinds('unit', 'contract'),
			setupFiles: ['<rootDir>/test/quiet.ts'],
		},
		{
			...shared,
			displayName: 'stack',
			testMatch: kinds('stack', 'integration', 'workflow'),
			setupFiles: ['<rootDir>/test/quiet.ts', '<rootDir>/test/stack/lanes/join.ts'],
		},
	],
};
